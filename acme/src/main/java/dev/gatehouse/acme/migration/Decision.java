package dev.gatehouse.acme.migration;

/**
 * What becomes of one record.
 *
 * @param outcome what
 * @param explanation why, without the subject
 * @param version the version of the record that was looked at
 */
record Decision(ImportOutcome outcome, String explanation, long version) {}
