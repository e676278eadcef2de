package dev.gatehouse.acme.migration;

/** Reads a folder of one layout. */
interface LayoutReader {

    /**
     * Reads all of it. What is wrong with a part is a problem among the findings.
     *
     * @param folder the folder
     * @param findings where to put what is found
     */
    void read(SourceFolder folder, Findings findings);
}
