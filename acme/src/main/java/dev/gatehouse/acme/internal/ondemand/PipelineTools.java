package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.OnDemand;
import dev.gatehouse.acme.internal.limits.BackOff;
import dev.gatehouse.acme.internal.limits.OrderLimits;
import dev.gatehouse.acme.internal.permission.PermissionMemory;
import dev.gatehouse.acme.internal.preflight.Preflight;
import dev.gatehouse.acme.internal.work.Alarms;
import dev.gatehouse.acme.internal.work.OrderLanes;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.Credential;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/**
 * What all flights of a manager share.
 *
 * @param policy the user's settings
 * @param isOnDemand whether there are any for names that visitors ask for
 * @param issuers who issue, with the guards of their limits
 * @param context what the issuer is lent
 * @param alarms call back later
 * @param storageWorker runs what may block on storage
 * @param index what handshakes choose from
 * @param residents the issued certificates in it
 * @param archive the certificates in storage
 * @param permission who may have a certificate
 * @param limits how many orders may begin
 * @param backOff the pauses of names that fail
 * @param preflight the look before an order, if it is wanted
 * @param lanes how many orders are open at once
 * @param refusals what is refused for now
 * @param unsaved what is served though storage would not take it
 * @param groups certificates with several names
 * @param published is told of each certificate that is served from now on
 * @param leaseLength how long an order is this node's without a sign of life
 */
record PipelineTools(
        OnDemand policy,
        boolean isOnDemand,
        IssuerChain issuers,
        IssuanceContext context,
        Alarms alarms,
        Executor storageWorker,
        CertificateIndex index,
        Residents residents,
        CertificateArchive archive,
        PermissionMemory permission,
        OrderLimits limits,
        BackOff backOff,
        Optional<Preflight> preflight,
        OrderLanes lanes,
        Refusals refusals,
        UnsavedCertificates unsaved,
        GroupKeeper groups,
        BiConsumer<CertificatePlan, Credential> published,
        Duration leaseLength) {}
