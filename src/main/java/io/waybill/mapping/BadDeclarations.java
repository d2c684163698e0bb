package io.waybill.mapping;

import java.util.List;

/** Declared files are wrong; nothing was loaded. Lists all findings, one {@code file:line: message} each. */
public final class BadDeclarations extends RuntimeException {

    private final transient List<String> findings;

    BadDeclarations(List<String> findings) {
        super(String.join(System.lineSeparator(), findings));
        this.findings = List.copyOf(findings);
    }

    /** One line per finding that a terminal can jump to. */
    public List<String> findings() {
        return findings;
    }
}
