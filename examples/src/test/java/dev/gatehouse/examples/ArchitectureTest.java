package dev.gatehouse.examples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the modules. */
@AnalyzeClasses(packages = "dev.gatehouse", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule ROUTING_KNOWS_ONLY_THE_JDK_AND_SLF4J = classes()
            .that()
            .resideInAPackage("dev.gatehouse.routing..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.gatehouse.routing..",
                    "java..",
                    "javax.net.ssl..",
                    "javax.security.auth.x500..",
                    "org.slf4j..",
                    "org.jspecify..");

    /** TLS toward origins is a matter of connections; clients and their TLS belong to the hosts. */
    @ArchTest
    static final ArchRule ROUTES_AND_EXCHANGES_KNOW_NO_TLS = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.gatehouse.routing.internal.table..",
                    "dev.gatehouse.routing.internal.exchange..",
                    "dev.gatehouse.routing.internal.buffer..",
                    "dev.gatehouse.routing.internal.http1..",
                    "dev.gatehouse.routing.internal.loop..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("javax.net.ssl..");

    @ArchTest
    static final ArchRule TLS_CORE_STAYS_LIGHT = classes()
            .that()
            .resideInAPackage("dev.gatehouse.tls..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.gatehouse.tls..", "java..", "javax..", "org.slf4j..", "org.jspecify..", "org.bouncycastle..");

    @ArchTest
    static final ArchRule ACME_KNOWS_NO_SERVER = noClasses()
            .that()
            .resideInAPackage("dev.gatehouse.acme..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.gatehouse.routing..",
                    "dev.gatehouse.jetty..",
                    "dev.gatehouse.undertow..",
                    "dev.gatehouse.testing..",
                    "dev.gatehouse.conformance..",
                    "org.eclipse.jetty..",
                    "io.undertow..",
                    "com.sun.net.httpserver..");

    @ArchTest
    static final ArchRule TESTING_KNOWS_TLS_CORE_ONLY = noClasses()
            .that()
            .resideInAPackage("dev.gatehouse.testing..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.gatehouse.acme..", "dev.gatehouse.routing..", "org.shredzone..");

    @ArchTest
    static final ArchRule CONFORMANCE_KNOWS_WHAT_IMPLEMENTERS_KNOW = classes()
            .that()
            .resideInAPackage("dev.gatehouse.conformance..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.gatehouse.conformance..",
                    "dev.gatehouse.acme",
                    "dev.gatehouse.routing",
                    "dev.gatehouse.tls",
                    "java..",
                    "javax.net.ssl..",
                    "org.junit.jupiter..",
                    "org.assertj..",
                    "org.awaitility..",
                    "org.jspecify..");

    @ArchTest
    static final ArchRule HOSTS_AND_TRANSPORTS_DO_NOT_KNOW_EACH_OTHER =
            slices().matching("dev.gatehouse.(jetty|undertow|http2)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule TRANSPORTS_KNOW_WHAT_IS_PUBLIC = classes()
            .that()
            .resideInAPackage("dev.gatehouse.http2..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.gatehouse.http2..",
                    "dev.gatehouse.routing",
                    "dev.gatehouse.routing.transport",
                    "org.eclipse.jetty..",
                    "java..",
                    "javax.net.ssl..",
                    "org.slf4j..",
                    "org.jspecify..");

    @ArchTest
    static final ArchRule TRANSPORTS_ARE_OPTIONAL = noClasses()
            .that()
            .resideOutsideOfPackages("dev.gatehouse.http2..", "dev.gatehouse.examples..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.gatehouse.http2..");

    @ArchTest
    static final ArchRule NOBODY_DEPENDS_ON_THE_EXAMPLES = noClasses()
            .that()
            .resideOutsideOfPackages("dev.gatehouse.examples..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.gatehouse.examples..");

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES_WITHIN_ROUTING =
            slices().matching("dev.gatehouse.routing.internal.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule LIBRARIES_DO_NOT_PRINT = noClasses()
            .that()
            .resideOutsideOfPackages("dev.gatehouse.examples..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err");
}
