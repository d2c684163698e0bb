package io.waybill.route;

import io.waybill.order.OrderKey;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** Lets one at a time give an order's answer on this node, so that an older answer never comes after a newer one. */
final class Turns {

    private static final int LOCKS = 64;

    private final List<Lock> locks =
            Stream.<Lock>generate(ReentrantLock::new).limit(LOCKS).toList();

    /** To be held from the delivery of an answer until it is durable, or from reading one until it is delivered. */
    Lock of(OrderKey key) {
        return locks.get(Math.floorMod(key.hashCode(), LOCKS));
    }
}
