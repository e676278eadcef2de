package dev.gatehouse.acme.internal.storage;

/** What a write costs, and what it survives. All survive the end of the process. */
enum Durability {
    /** Survives a power failure from the return on: file and folder are forced to the disk. */
    FORCED,
    /** After a power failure there is the old or the new file, whole: the file is forced to the disk. */
    WHOLE,
    /** After a power failure the file may be damaged; for what is worth nothing by then. */
    OF_THE_SYSTEM
}
