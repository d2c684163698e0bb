package io.waybill.carriers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.testing.Orders;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A simulated carrier as the battery sees it: what it can be made to do, what it has, and what is to be expected of it. */
interface Simulated {

    String name();

    /** An order that the rules give to it, with a weight. */
    ObjectNode order(String id);

    /** Refuses the booking of this order, and gives the words that the dead letter has to hold. */
    String reject(String id);

    /** Puts the next booking of this order off for a second. */
    void putOff(String id);

    /** Gives no answer to the next booking of this order. */
    void loseAnswer(String id, boolean booked);

    long bookings(String id);

    /** Whether it can be asked, or be sent the same again, when an answer is lost. */
    boolean canBeAsked();

    /** The state in which an order is once it is answered; BirdSystem gives its number later. */
    default String answered() {
        return name().equals("birdsystem") ? "awaiting" : "completed";
    }

    /** The format of the label in its answer, null if there is none. */
    String label();

    /** The amounts that an order is charged, as they stand in the ledger. */
    List<BigDecimal> charges();

    /** One of the three that are shipped. */
    static Simulated shipped(Sandbox sandbox, String name) {
        return new Shipped(sandbox, name, KINDS.get(name));
    }

    /**
     * What is particular about a shipped one.
     *
     * @param words what it says when it refuses, as the dead letter tells it
     */
    record Kind(
            Function<String, ObjectNode> order,
            Reply refusal,
            String words,
            boolean canBeAsked,
            String label,
            String charge) {}

    Map<String, Kind> KINDS = Map.of(
            "birdsystem",
                    new Kind(
                            Orders::british,
                            Reply.status(500, "{\"success\": false, \"message\": \"no such place\"}"),
                            "no such place",
                            true,
                            null,
                            "2.8500"),
            "mabang",
                    new Kind(
                            Orders::malaysian,
                            Reply.status(412, "{\"code\": 412, \"message\": \"no such place\"}"),
                            "no such place",
                            false,
                            null,
                            "38.0000"),
            "kdniao",
                    new Kind(
                            Orders::chinese,
                            Reply.status(
                                    200,
                                    "{\"Success\": false, \"ResultCode\": \"105\", \"Reason\": \"no such place\"}"),
                            "105 no such place",
                            true,
                            "html",
                            "4.5000"));

    /** See {@link #shipped}. */
    record Shipped(Sandbox sandbox, String name, Kind kind) implements Simulated {

        @Override
        public ObjectNode order(String id) {
            ObjectNode order = kind.order.apply(id);
            order.withObject("/parcel").put("weight_g", 500);
            return order;
        }

        @Override
        public String reject(String id) {
            sandbox.script(Fault.at(name).reference(id).instead(kind.refusal));
            return kind.words;
        }

        @Override
        public void putOff(String id) {
            sandbox.script(Fault.at(name).reference(id).instead(Reply.status(429, Map.of("Retry-After", "1"), "")));
        }

        @Override
        public void loseAnswer(String id, boolean booked) {
            Fault fault = Fault.at(name).reference(id);
            sandbox.script(booked ? fault.afterCommit(Reply.drop()) : fault.instead(Reply.drop()));
        }

        @Override
        public long bookings(String id) {
            return sandbox.booked().stream()
                    .filter(booked -> booked.carrier().equals(name) && id.equals(booked.reference()))
                    .count();
        }

        @Override
        public boolean canBeAsked() {
            return kind.canBeAsked;
        }

        @Override
        public String label() {
            return kind.label;
        }

        @Override
        public List<BigDecimal> charges() {
            return List.of(new BigDecimal(kind.charge));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** The fourth. */
    record Fourth(ParcelOne carrier) implements Simulated {

        @Override
        public String name() {
            return "parcelone";
        }

        @Override
        public ObjectNode order(String id) {
            ObjectNode order = Orders.british(id);
            order.withObject("/recipient").put("country_code", "NZ").put("postal_code", "1061");
            order.withObject("/parcel").put("weight_g", 500);
            return order;
        }

        @Override
        public String reject(String id) {
            carrier.next(
                    id,
                    new ParcelOne.Answered(
                            422,
                            Map.of(),
                            "{\"error\": {\"code\": \"invalid\", \"message\": \"postcode 1061 is not served\"}}"));
            return "postcode 1061 is not served";
        }

        @Override
        public void putOff(String id) {
            carrier.next(id, new ParcelOne.Answered(429, Map.of("Retry-After", "1"), "{}"));
        }

        @Override
        public void loseAnswer(String id, boolean booked) {
            carrier.next(id, new ParcelOne.Lost(booked));
        }

        @Override
        public long bookings(String id) {
            return carrier.bookings(id);
        }

        @Override
        public boolean canBeAsked() {
            return true;
        }

        @Override
        public String label() {
            return "pdf";
        }

        @Override
        public List<BigDecimal> charges() {
            return List.of(new BigDecimal("1.1500"), new BigDecimal("12.4000"));
        }

        @Override
        public String toString() {
            return name();
        }
    }
}
