package io.waybill.engine;

import io.waybill.check.Reload;
import io.waybill.check.Reload.Result;
import io.waybill.ledger.Ledger;
import io.waybill.operate.Operations;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes up edited carrier folders, asked by a person or by a timer, and tells of it in log and history. */
final class MappingReload implements Operations.Reloader, Processor {

    private static final Logger LOG = LoggerFactory.getLogger(MappingReload.class);

    private final Reload reload;
    private final Ledger ledger;

    MappingReload(Reload reload, Ledger ledger) {
        this.reload = reload;
        this.ledger = ledger;
    }

    @Override
    public List<Operations.Reloaded> reload(String user, String reason) {
        List<Result> results = reload.all();
        results.forEach(result -> tell(result, user, reason));
        return results.stream()
                .map(result -> new Operations.Reloaded(
                        result.carrier(), result.taken() ? "taken-up" : "refused", result.words()))
                .toList();
    }

    /** {@code take-up-mappings}. */
    @Override
    public void process(Exchange exchange) {
        reload.edited().forEach(result -> tell(result, ledger.node(), "its files were edited"));
    }

    private void tell(Result result, String actor, String reason) {
        String words = result.words().replaceAll("[\\p{Cntrl}]+", " ");
        if (result.taken()) {
            ledger.mappingTaken(result.carrier(), result.version(), actor, reason);
            LOG.info("{}, by {}: {}", words, actor, reason);
        } else {
            LOG.warn("{}", words);
        }
    }
}
