package dev.gatehouse.testing.junit;

/** How long what a {@link GatehouseExtension} makes is used. */
public enum Lifetime {
    /** Each test method, with its {@code @BeforeEach} and {@code @AfterEach}, has its own. */
    PER_METHOD,
    /** The tests of a class and of its nested classes share them. */
    PER_CLASS
}
