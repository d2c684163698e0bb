package io.waybill.route;

import java.io.IOException;

/** The connection to a carrier did not come about, for whatever reason: surely nothing of the request has left. */
final class NeverLeft extends IOException {

    private static final long serialVersionUID = 1L;

    NeverLeft(IOException why) {
        super(why.getClass().getSimpleName() + " " + why.getMessage(), why);
    }
}
