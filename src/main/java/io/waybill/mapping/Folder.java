package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Compiles one carrier folder; whatever is wrong in it becomes a finding with file and line. */
final class Folder {

    private final Path folder;
    private final OrderSchema orders;
    private final Clock clock;
    private final List<String> findings;
    private final Functions functions = new Functions();
    private final FolderFiles files;
    private final Declaration facts;
    private final Options options;
    private final DeclaredOperations operations;
    private final Expressions expressions;

    /** @param settings the carrier's own, see {@link Options} */
    Folder(Path folder, OrderSchema orders, Clock clock, Map<String, String> settings, List<String> findings) {
        this.folder = folder;
        this.orders = orders;
        this.clock = clock;
        this.findings = findings;
        this.files = FolderFiles.read(folder);
        this.facts = Declaration.checked(read("carrier.yaml"), "carrier.schema.json", findings);
        this.options = new Options(facts, settings, findings);
        this.operations = new DeclaredOperations(facts, options, findings);
        this.expressions = new Expressions(folder, files, facts, functions, findings);
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
        Plan plan = new PlanFolder(facts, operations, expressions).compile();
        PushDeclaration pushes = new PushFolder(facts, expressions).compile();
        List<FollowUpRule> followUps = new FollowUpFolder(facts, operations, expressions, findings).compile();
        return findings.size() > before
                ? null
                : new Carrier(
                        id,
                        files.version(orders),
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
                expressions.condition("/not-sent/" + i + "/when", unsent.get(i).path("when"));
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

    private Step step(String id, String name) {
        JsonNode declared = operations.declared(name);
        String files = declared.path("like").asText(name);
        Declaration schema = read(files + ".request.schema.json");
        return new Step(
                operations.compile(name),
                new Recipe(facts.root().path("auth"), declared.path("parameters"), options.values()),
                declared.has("query")
                        ? expressions.condition("/operations/" + name + "/query", declared.path("query"))
                        : null,
                expressions.mapping(files + ".request.jslt"),
                expressions.mapping(files + ".response.jslt"),
                expressions.unwritten(files + ".response.jslt"),
                schema.root().isMissingNode() ? null : Rules.of(schema.root(), id),
                new Classifier(id, outcomes("/operations/" + name + "/outcomes", declared.path("outcomes")), clock)
                        .with(options.values()),
                Cuts.of(id, facts.root(), files));
    }

    private List<Classifier.Rule> outcomes(String pointer, JsonNode declared) {
        List<Classifier.Rule> rules = new ArrayList<>();
        for (int i = 0; i < declared.size(); i++) {
            JsonNode rule = declared.get(i);
            String at = pointer + "/" + i;
            rules.add(new Classifier.Rule(
                    expressions.condition(at + "/when", rule.path("when")),
                    rule.path("then").asText(),
                    rule.has("reason") ? expressions.condition(at + "/reason", rule.path("reason")) : null,
                    Duration.parse(rule.path("wait").asText("PT0S")),
                    rule.path("exists").asBoolean()));
        }
        return rules;
    }
}
