package io.waybill.crash;

import java.util.Set;

/**
 * Where a process dies. To add one, add a line: a class, a method, and whether it dies on the way in or on the way out.
 *
 * <p>The method must be handed the order in some form that {@link KillSwitch} can read.
 */
enum KillPoint {
    BEFORE_ACCEPT("io.waybill.ledger.Ledger", "accept", When.IN, Trait.LONG),
    AFTER_ACCEPT("io.waybill.route.OrderBatch", "dispatch", When.IN),
    BEFORE_SENT("io.waybill.route.Calls", "sent", When.IN, Trait.LONG),
    AFTER_SENT("io.waybill.route.Calls", "sent", When.OUT, Trait.DOUBT),
    /** By a fault script of the carrier, which has booked and is slow to say so; the kill comes from outside. */
    CARRIER_COMMITTED(null, null, When.OUTSIDE, Trait.DOUBT),
    ANSWERED("io.waybill.route.Calls", "judge", When.OUT, Trait.DOUBT),
    LABEL_ON_DISK("io.waybill.ledger.Claim", "brought", When.IN, Trait.DOUBT, Trait.LONG),
    BOOKED("io.waybill.route.Calls", "booked", When.OUT),
    PRODUCT_SENT("io.waybill.route.Calls", "sent", When.OUT, Trait.PRODUCT),
    PRODUCT_ANSWERED("io.waybill.route.Calls", "judge", When.OUT, Trait.PRODUCT, Trait.LONG),
    SUBMIT_SENT("io.waybill.route.Calls", "sent", When.OUT, Trait.SUBMIT, Trait.LONG),
    SUBMIT_ANSWERED("io.waybill.route.Calls", "judge", When.OUT, Trait.SUBMIT),
    LABEL_JOINED("io.waybill.route.Sinks", "tracking", When.IN),
    TRACKING_JOINED("io.waybill.route.Sinks", "charges", When.IN, Trait.LONG),
    CHARGES_JOINED("io.waybill.route.Sinks", "shipment", When.IN, Trait.LONG),
    ANSWER_DELIVERED("io.waybill.ledger.Endings", "settle", When.IN),
    COMPLETED("io.waybill.ledger.Endings", "settle", When.OUT, Trait.LONG),
    FILE_TAKEN("io.waybill.route.SharedInbox", "begin", When.OUT, Trait.FOLDER),
    BEFORE_MOVE("io.waybill.route.SharedInbox", "commit", When.IN, Trait.FOLDER),
    AFTER_MOVE("io.waybill.route.SharedInbox", "commit", When.OUT, Trait.FOLDER, Trait.LONG),
    BEFORE_ACKNOWLEDGE(
            "org.springframework.jms.listener.AbstractMessageListenerContainer",
            "commitIfNecessary",
            When.IN,
            Trait.QUEUE),
    AFTER_ACKNOWLEDGE(
            "org.springframework.jms.listener.AbstractMessageListenerContainer",
            "commitIfNecessary",
            When.OUT,
            Trait.QUEUE,
            Trait.LONG),
    DEAD_LETTER_ON_DISK("io.waybill.ledger.Endings", "dead", When.IN, Trait.UNDELIVERABLE),
    LOOKED_UP("io.waybill.route.Doubts", "judgeFound", When.OUT, Trait.SECOND, Trait.LOOKUP),
    REPOST_ALLOWED("io.waybill.route.Doubts", "allowAgain", When.OUT, Trait.SECOND, Trait.REPOST),
    REPOST_SENT("io.waybill.route.Calls", "sent", When.OUT, Trait.SECOND, Trait.REPOST),
    REPOST_ANSWERED("io.waybill.route.Calls", "judge", When.OUT, Trait.SECOND, Trait.REPOST),
    VOID_SENT("io.waybill.route.Calls", "sent", When.OUT, Trait.VOID),
    VOID_ANSWERED("io.waybill.route.Voids", "judge", When.OUT, Trait.VOID),
    VOID_JOURNALLED("io.waybill.route.Voids", "journal", When.OUT, Trait.VOID),
    /** The push is stored and answered, and of its order nothing is changed yet. */
    PUSH_TAKEN("io.waybill.route.PushEntries", "find", When.OUT, Trait.PUSH),
    /** The order is changed, and the push is not told so yet. */
    PUSH_APPLIED("io.waybill.route.PushEntries", "applied", When.IN, Trait.PUSH);

    /** On the way into the method, on its way out, or from outside the process. */
    enum When {
        IN,
        OUT,
        OUTSIDE
    }

    /** What a point is about. */
    enum Trait {
        /** it leaves open what the carrier did */
        DOUBT,
        /** only orders from the folder come by */
        FOLDER,
        /** only orders from the queue come by */
        QUEUE,
        /** only orders that no carrier takes come by */
        UNDELIVERABLE,
        /** near another one, so that only the long form dies there */
        LONG,
        /** only where goods are added by calls of their own */
        PRODUCT,
        /** only where an order is submitted by a call of its own */
        SUBMIT,
        /** on the way out of a doubt that an earlier kill left */
        SECOND,
        /** only where the carrier is asked what it knows */
        LOOKUP,
        /** only where the same request is sent again */
        REPOST,
        /** only where an order is cancelled at its carrier */
        VOID,
        /** only where a carrier tells something by itself */
        PUSH
    }

    private final String type;
    private final String method;
    private final When when;
    private final Set<Trait> traits;

    KillPoint(String type, String method, When when, Trait... traits) {
        this.type = type;
        this.method = method;
        this.when = when;
        this.traits = Set.of(traits);
    }

    String type() {
        return type;
    }

    String method() {
        return method;
    }

    When when() {
        return when;
    }

    boolean is(Trait trait) {
        return traits.contains(trait);
    }

    /** What the order's words must end with, so that it is this call and no earlier one. */
    String call() {
        if (is(Trait.PRODUCT)) {
            return "/product-1";
        }
        if (is(Trait.VOID)) {
            return "/cancel";
        }
        return is(Trait.SUBMIT) ? "/submit" : "";
    }

    /** Whether an order comes by on its way to its answer, or only afterwards. */
    boolean isOfTheBooking() {
        return !is(Trait.VOID) && !is(Trait.PUSH);
    }

    boolean isWoven() {
        return when != When.OUTSIDE;
    }
}
