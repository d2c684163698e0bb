package io.waybill.ledger;

/** The SQL that changes what is known of a carrier; the same text on every database. */
final class CarrierRows {

    private CarrierRows() {}

    /** Changes a row only if there was none. */
    static Sql insert(CarrierState state) {
        return Sql.of(
                "insert into carrier_state (carrier, version, state, since, reason, actor, probes, probe_at, prober)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
                state.carrier(),
                state.version(),
                state.state(),
                Statements.time(state.since()),
                state.reason(),
                state.actor(),
                state.probes(),
                Statements.time(state.probeAt()),
                state.prober());
    }

    /** Changes a row only if nobody else did since it was read. */
    static Sql update(CarrierState before, CarrierState after) {
        return Sql.of(
                "update carrier_state set version = ?, state = ?, since = ?, reason = ?, actor = ?, probes = ?,"
                        + " probe_at = ?, prober = ? where carrier = ? and version = ?",
                after.version(),
                after.state(),
                Statements.time(after.since()),
                after.reason(),
                after.actor(),
                after.probes(),
                Statements.time(after.probeAt()),
                after.prober(),
                after.carrier(),
                before.version());
    }

    static Sql mapping(MappingChange change) {
        return Sql.of(
                "insert into mapping_history (carrier, node, at, version, reason, actor) values (?, ?, ?, ?, ?, ?)",
                change.carrier(),
                change.node(),
                Statements.time(change.at()),
                change.version(),
                change.reason(),
                change.actor());
    }

    static Sql history(CarrierState state) {
        return Sql.of(
                "insert into carrier_history (carrier, version, at, state, reason, actor) values (?, ?, ?, ?, ?, ?)",
                state.carrier(),
                state.version(),
                Statements.time(state.since()),
                state.state(),
                state.reason(),
                state.actor());
    }
}
