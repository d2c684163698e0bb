package io.waybill.check;

import io.waybill.mapping.Declaration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A field of an order that no carrier reads is one that merchants fill in for nothing: it is either new and forgotten, or
 * {@code order.schema.json} says under {@code x-unread} why it stands there.
 */
record UnreadFields(Declaration orders, Findings findings) {

    /** @param unread of each carrier, what it never reads */
    void check(List<Set<String>> unread) {
        Fields fields = Fields.of(orders.root());
        Set<String> known = new HashSet<>();
        for (Spot listed : Spot.root(orders).child("x-unread").children()) {
            known.add(listed.name());
            if (fields.all().stream().noneMatch(field -> field.isOf(listed.name()))) {
                findings.untidy(listed.finding("'" + listed.name() + "' is no field of an order"));
            }
        }
        fields.leaves().stream()
                .filter(field -> !unread.isEmpty() && unread.stream().allMatch(each -> each.contains(field.path())))
                .filter(field -> known.stream().noneMatch(field::isOf))
                .forEach(field -> findings.untidy(orders.finding(
                        field.pointer(),
                        "field '" + field.path() + "' is read by no carrier, and is not listed under x-unread")));
    }
}
