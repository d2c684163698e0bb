package io.waybill.ledger;

import java.time.Instant;

/**
 * One set of mappings that a node took up while it ran.
 *
 * @param version of the carrier's folder, as calls keep it
 * @param node on which node
 * @param actor who asked for it, or the node itself where it looks by itself
 */
public record MappingChange(String carrier, String version, Instant at, String node, String actor, String reason) {}
