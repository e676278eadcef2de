package dev.gatehouse.acme;

/**
 * What a step of cleaning did.
 *
 * @param removed how many things were removed
 * @param finished whether there is nothing more to do for now
 */
public record CleaningProgress(int removed, boolean finished) {}
