package io.waybill.intake;

/** Takes the documents of an input, one after the other. */
@FunctionalInterface
public interface Sink {

    /**
     * Takes one document. The reader goes on when this returns, so a slow sink slows the reader and nothing piles up.
     *
     * @param document complete; the reader keeps no reference to it
     */
    void document(Document document);
}
