package io.waybill.route;

import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a message holds: text in UTF-8, or bytes.
 *
 * @param bytes all of it, as far as it can be kept
 * @param obstacle why it cannot be read, and what of it is not in {@code bytes}; null if it can be
 * @param cut whether {@code bytes} is only the beginning
 */
record MessageContent(byte[] bytes, String obstacle, boolean cut) {

    /**
     * The content of a message.
     *
     * @param most the most bytes that are opened; of a larger one so many are kept
     */
    static MessageContent of(Message message, int most) throws JMSException {
        if (message instanceof TextMessage text) {
            return of(String.valueOf(text.getText()), most);
        }
        if (message instanceof BytesMessage raw) {
            // tried again, it was read before
            raw.reset();
            byte[] bytes = new byte[(int) Math.min(raw.getBodyLength(), most)];
            raw.readBytes(bytes);
            return raw.getBodyLength() > most ? tooLarge(bytes) : new MessageContent(bytes, null, false);
        }
        return new MessageContent(
                new byte[0], "the message is neither text nor bytes, so it was not opened and is not kept", false);
    }

    /** Unlike getBytes, this refuses half a character instead of writing a question mark, and makes no more than it may. */
    private static MessageContent of(String text, int most) {
        ByteBuffer utf8 = ByteBuffer.allocate((int) Math.min(most, 3L * text.length()));
        CoderResult all = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text), utf8, true);
        byte[] bytes = Arrays.copyOf(utf8.array(), utf8.position());
        if (all.isOverflow()) {
            return tooLarge(bytes);
        }
        return all.isError()
                ? broken(text.getBytes(StandardCharsets.UTF_8), most)
                : new MessageContent(bytes, null, false);
    }

    private static MessageContent broken(byte[] bytes, int most) {
        return bytes.length > most
                ? tooLarge(Arrays.copyOf(bytes, most))
                : new MessageContent(
                        bytes,
                        "the text holds half a character (a lone surrogate), which is kept as a question mark",
                        false);
    }

    private static MessageContent tooLarge(byte[] beginning) {
        return new MessageContent(
                beginning,
                "the message is larger than " + beginning.length
                        + " bytes (waybill.queue.message-mb), so it was not opened;"
                        + " only so much of its beginning is kept",
                true);
    }
}
