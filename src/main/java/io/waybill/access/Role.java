package io.waybill.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What somebody who logged in may do. */
public enum Role {
    /** Sees everything, changes nothing. */
    VIEWER,

    /** Also decides about orders and carriers, and starts and stops routes. */
    OPERATOR;

    /** The role of a word in the users file, empty if there is none. */
    public static Optional<Role> of(String word) {
        return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
    }

    /** As it stands in the users file. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
