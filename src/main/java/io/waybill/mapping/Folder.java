package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.JsltException;
import com.schibsted.spt.data.jslt.Parser;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Compiles one carrier folder; whatever is wrong in it becomes a finding with file and line. */
final class Folder {

    private static final String BOOK = Part.BOOK.operation();

    /** Who brings what an order lacks where nothing is published to ask by: people, once they are told. */
    private static final String NOBODY = "operator";

    private final Path folder;
    private final OrderSchema orders;
    private final Clock clock;
    private final List<String> findings;
    private final Functions functions = new Functions();
    private final FolderFiles files;
    private final Declaration facts;
    private final Options options;

    /** @param settings the carrier's own, see {@link Options} */
    Folder(Path folder, OrderSchema orders, Clock clock, Map<String, String> settings, List<String> findings) {
        this.folder = folder;
        this.orders = orders;
        this.clock = clock;
        this.findings = findings;
        this.files = FolderFiles.read(folder);
        this.facts = Declaration.checked(read("carrier.yaml"), "carrier.schema.json", findings);
        this.options = new Options(facts, settings, findings);
    }

    /** The carrier, or null where anything was found. */
    Carrier compile() {
        int before = findings.size();
        String id = folder.getFileName().toString();
        Declaration codes = Declaration.checked(read("codes.json"), "codes.schema.json", findings);
        if (facts.root().isMissingNode() || mentions(facts.file())) {
            return null;
        }
        checkNames(id);
        Map<String, Step> steps = new LinkedHashMap<>();
        facts.root().path("operations").fieldNames().forEachRemaining(name -> steps.put(name, step(id, name)));
        References references = references();
        Plan plan = plan();
        PushDeclaration pushes = new PushFolder(facts, this::condition, this::mapping).compile();
        List<FollowUpRule> followUps = followUps();
        return findings.size() > before
                ? null
                : new Carrier(
                        id,
                        files.version(),
                        new Carrier.Declared(facts.root(), references, steps, plan, followUps, pushes),
                        new Mappings(id, facts.root(), new Codes(codes.root()), functions, options.values()),
                        orders);
    }

    /** What is compiled is what the version is about, whatever happens to the files meanwhile. */
    private Declaration read(String name) {
        return Declaration.read(folder.resolve(name), files.bytes(name), findings);
    }

    private boolean mentions(Path file) {
        return findings.stream().anyMatch(finding -> finding.startsWith(file + ":"));
    }

    private void checkNames(String id) {
        if (!facts.root().path("carrier").asText().equals(id)) {
            findings.add(facts.finding("/carrier", "carrier must be '" + id + "', the name of its folder"));
        }
        JsonNode unsent = facts.root().path("not-sent");
        for (int i = 0; i < unsent.size(); i++) {
            String field = unsent.get(i).path("field").asText();
            if (!orders.declares(field)) {
                findings.add(facts.finding(
                        "/not-sent/" + i + "/field", "field '" + field + "' is none of order.schema.json"));
            }
            if (unsent.get(i).has("when")) {
                condition("/not-sent/" + i + "/when", unsent.get(i).path("when"));
            }
        }
    }

    private References references() {
        JsonNode declared = facts.root().path("reference");
        try {
            return new References(
                    Pattern.compile(declared.path("pattern").asText()),
                    declared.path("length").asInt());
        } catch (PatternSyntaxException e) {
            findings.add(
                    facts.finding("/reference/pattern", "pattern is not a regular expression: " + e.getDescription()));
            return null;
        }
    }

    private Plan plan() {
        facts.root().path("operations").properties().forEach(operation -> {
            checkLookup(operation.getKey());
            if (operation.getValue().has("like")) {
                checkOperation(
                        "/operations/" + operation.getKey() + "/like",
                        operation.getValue().path("like").asText());
            }
        });
        Map<String, Plan.StandIn> standIns = standIns();
        Map<String, Plan.Around> own = new LinkedHashMap<>();
        Optional.ofNullable(standIns.get(BOOK))
                .map(Plan.StandIn::operation)
                .filter(name -> declared(name).has("before") || declared(name).has("then"))
                .ifPresent(name -> own.put(name, around(name)));
        return new Plan(around(BOOK), standIns, own);
    }

    private Plan.Around around(String operation) {
        return new Plan.Around(rules(operation, "before", true), rules(operation, "then", false));
    }

    private JsonNode declared(String operation) {
        return facts.root().path("operations").path(operation);
    }

    private Map<String, Plan.StandIn> standIns() {
        Map<String, Plan.StandIn> standIns = new LinkedHashMap<>();
        facts.root().path("operations").properties().forEach(operation -> {
            JsonNode declared = operation.getValue().path("instead");
            String pointer = "/operations/" + operation.getKey() + "/instead";
            if (declared.isObject()
                    && checkOperation(pointer, declared.path("by").asText())) {
                standIns.put(
                        operation.getKey(),
                        new Plan.StandIn(
                                declared.path("by").asText(), condition(pointer + "/when", declared.path("when"))));
            }
        });
        return standIns;
    }

    private void checkLookup(String operation) {
        JsonNode way = facts.root().path("operations").path(operation).path("in-doubt");
        if (way.path("way").asText().equals("lookup")) {
            checkOperation(
                    "/operations/" + operation + "/in-doubt", way.path("by").asText("lookup"));
        }
    }

    private boolean checkOperation(String pointer, String name) {
        boolean known = facts.root().path("operations").has(name);
        if (!known) {
            findings.add(facts.finding(pointer, "operation '" + name + "' is not declared"));
        }
        return known;
    }

    private List<Plan.Rule> rules(String operation, String list, boolean asks) {
        List<Plan.Rule> rules = new ArrayList<>();
        String pointer = "/operations/" + operation + "/" + list;
        for (String name : Declaration.texts(facts.root().at(pointer))) {
            JsonNode declared = declared(name);
            if (checkOperation(pointer, name) && !options.isOff(name)) {
                String each = declared.path("for-each").textValue();
                rules.add(new Plan.Rule(
                        name,
                        each == null ? null : each.substring(1),
                        declared.has("when") ? condition("/operations/" + name + "/when", declared.path("when")) : null,
                        asks));
            }
        }
        return rules;
    }

    private List<FollowUpRule> followUps() {
        List<FollowUpRule> rules = new ArrayList<>();
        facts.root().path("follow-ups").properties().forEach(entry -> {
            String pointer = "/follow-ups/" + entry.getKey();
            JsonNode declared = entry.getValue();
            if (checkOperation(pointer, entry.getKey()) && !options.isOff(entry.getKey())) {
                rules.add(new FollowUpRule(
                        entry.getKey(),
                        declared.has("when") ? condition(pointer + "/when", declared.path("when")) : null,
                        condition(pointer + "/until", declared.path("until")),
                        new FollowUpRule.Wait(
                                Duration.parse(declared.path("first").asText()),
                                Duration.parse(declared.path("longest").asText()),
                                Duration.parse(declared.path("for").asText()),
                                declared.path("once").asBoolean()),
                        awaits(entry.getKey())));
            }
        });
        facts.root().path("awaits").properties().forEach(entry -> {
            String pointer = "/awaits/" + entry.getKey();
            JsonNode declared = entry.getValue();
            String by = bringer(declared);
            if (isPush(by) || by.equals(NOBODY)) {
                rules.add(FollowUpRule.told(by, awaits(by)));
            }
            String named = declared.path("by").asText();
            if (!isPush(named)
                    && !named.equals(NOBODY)
                    && !facts.root().path("follow-ups").has(named)) {
                findings.add(facts.finding(
                        pointer + "/by", "'" + named + "' is none of the follow-ups, and no kind of push"));
            }
            if (declared.has("else") && !isPush(declared.path("else").asText())) {
                findings.add(facts.finding(
                        pointer + "/else", "'" + declared.path("else").asText() + "' is no kind of push"));
            }
        });
        return rules;
    }

    private boolean isPush(String kind) {
        return facts.root().at("/pushes/kinds").has(kind);
    }

    /** Who brings what is awaited: where the follow-up is off, a push. */
    private String bringer(JsonNode awaited) {
        String by = awaited.path("by").asText();
        return awaited.has("else") && options.isOff(by) ? awaited.path("else").asText() : by;
    }

    private List<FollowUpRule.Await> awaits(String by) {
        List<FollowUpRule.Await> awaits = new ArrayList<>();
        facts.root().path("awaits").properties().forEach(entry -> {
            JsonNode declared = entry.getValue();
            if (bringer(declared).equals(by)) {
                awaits.add(new FollowUpRule.Await(
                        entry.getKey(),
                        Duration.parse(declared.path("deadline").asText()),
                        declared.has("when")
                                ? condition("/awaits/" + entry.getKey() + "/when", declared.path("when"))
                                : null));
            }
        });
        return awaits;
    }

    private Step step(String id, String name) {
        JsonNode declared = facts.root().path("operations").path(name);
        String files = declared.path("like").asText(name);
        Declaration schema = read(files + ".request.schema.json");
        return new Step(
                operation(name, declared),
                new Recipe(facts.root().path("auth"), declared.path("parameters"), options.values()),
                declared.has("query") ? condition("/operations/" + name + "/query", declared.path("query")) : null,
                mapping(files + ".request.jslt"),
                mapping(files + ".response.jslt"),
                schema.root().isMissingNode() ? null : Rules.of(schema.root(), id),
                new Classifier(id, outcomes("/operations/" + name + "/outcomes", declared.path("outcomes")), clock)
                        .with(options.values()),
                Cuts.of(id, facts.root(), files),
                this.files.version(
                        orders.version(),
                        this.files.withShared(
                                "carrier.yaml",
                                "codes.json",
                                files + ".request.jslt",
                                files + ".request.schema.json",
                                files + ".response.jslt")));
    }

    private Operation operation(String name, JsonNode declared) {
        return new Operation(
                name,
                options.method(name),
                options.path(name),
                options.encoding(name),
                Duration.parse(declared.path("connect-timeout").asText()),
                Duration.parse(declared.path("response-timeout").asText()),
                inDoubt(declared.path("in-doubt")),
                declared.path("url").asText("url"),
                declared.has("rate") ? declared.path("rate").path("per-second").asInt() : null,
                declared.at("/keep/minutes").textValue(),
                declared.has("html-before"));
    }

    /** What nobody can be asked by is a person's. */
    private String inDoubt(JsonNode declared) {
        String way = declared.path("way").asText();
        return way.equals("lookup") && options.isOff(declared.path("by").asText("lookup")) ? "operator" : way;
    }

    private List<Classifier.Rule> outcomes(String pointer, JsonNode declared) {
        List<Classifier.Rule> rules = new ArrayList<>();
        for (int i = 0; i < declared.size(); i++) {
            JsonNode rule = declared.get(i);
            String at = pointer + "/" + i;
            rules.add(new Classifier.Rule(
                    condition(at + "/when", rule.path("when")),
                    rule.path("then").asText(),
                    rule.has("reason") ? condition(at + "/reason", rule.path("reason")) : null,
                    Duration.parse(rule.path("wait").asText("PT0S")),
                    rule.path("exists").asBoolean()));
        }
        return rules;
    }

    private Expression condition(String pointer, JsonNode text) {
        try {
            return Parser.compileString(text.asText());
        } catch (JsltException e) {
            findings.add(facts.finding(pointer, "JSLT does not compile: " + firstLine(e.getMessageWithoutLocation())));
            return null;
        }
    }

    private Expression mapping(String name) {
        Path file = folder.resolve(name);
        byte[] bytes = files.bytes(name);
        if (bytes == null) {
            findings.add(file + ":1: is missing or cannot be read");
            return null;
        }
        try {
            return new Parser(text(bytes))
                    .withSource(file.toString())
                    .withResourceResolver(this::shared)
                    .withFunctions(functions.all())
                    .compile();
        } catch (JsltException e) {
            boolean imported = e.getSource() != null && files.bytes(e.getSource()) != null;
            String finding = (imported ? folder.resolve(e.getSource()) : file) + ":" + Math.max(1, e.getLine())
                    + ": JSLT does not compile: " + firstLine(e.getMessageWithoutLocation());
            if (!findings.contains(finding)) {
                findings.add(finding);
            }
            return null;
        }
    }

    /** What a mapping imports lies beside it. */
    private Reader shared(String name) {
        byte[] bytes = files.bytes(name);
        if (bytes == null) {
            throw new JsltException("'" + name + "' is imported, and is missing or cannot be read");
        }
        return text(bytes);
    }

    private static Reader text(byte[] bytes) {
        return new StringReader(new String(bytes, StandardCharsets.UTF_8));
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("").strip();
    }
}
