package io.waybill.outage;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.order.OrderKey;
import io.waybill.sandbox.Booked;
import io.waybill.sandbox.Sandbox;
import io.waybill.testing.RunningWaybill;
import java.util.List;
import org.apache.camel.api.management.ManagedCamelContext;
import org.apache.camel.api.management.mbean.ManagedRouteMBean;

/** What is asked after every outage. */
final class Shipped {

    private Shipped() {}

    /** What happened to an order, in its order. */
    static List<String> history(RunningWaybill waybill, String id) {
        return waybill.of("history", key(id)).stream()
                .map(row -> (String) row.get("what"))
                .toList();
    }

    /** The bookings of an order at its carrier. */
    static List<Booked> bookings(Sandbox sandbox, String id) {
        return sandbox.booked().stream()
                .filter(booked -> id.equals(booked.reference()))
                .toList();
    }

    /** Waits until these orders are answered; each is booked once and answered, and none is a dead letter. */
    static void once(RunningWaybill waybill, Sandbox sandbox, List<String> ids) {
        ids.forEach(id -> waybill.awaitAnswered(id));
        assertThat(sandbox.booked())
                .extracting(Booked::reference)
                .filteredOn(ids::contains)
                .containsExactlyInAnyOrderElementsOf(ids);
        ids.forEach(id ->
                assertThat(waybill.outbox().resolve("default/" + id + ".json")).exists());
        assertThat(waybill.dead()).isEmpty();
    }

    /** How often a route failed. */
    static long failures(RunningWaybill waybill, String route) throws Exception {
        return managed(waybill, route).getExchangesFailed();
    }

    private static ManagedRouteMBean managed(RunningWaybill waybill, String route) {
        return waybill.engine()
                .main()
                .getCamelContext()
                .getCamelContextExtension()
                .getContextPlugin(ManagedCamelContext.class)
                .getManagedRoute(route);
    }

    /** How many exchanges a route works on. */
    static long inFlight(RunningWaybill waybill, String route) throws Exception {
        return managed(waybill, route).getExchangesInflight();
    }

    static OrderKey key(String id) {
        return new OrderKey("default", id, 0);
    }
}
