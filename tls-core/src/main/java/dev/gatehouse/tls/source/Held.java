package dev.gatehouse.tls.source;

import dev.gatehouse.tls.Credential;

/** A credential that is served, and what it was made of. */
record Held(Found found, Credential credential) {}
