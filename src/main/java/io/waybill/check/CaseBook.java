package io.waybill.check;

import io.waybill.mapping.Carriers;
import io.waybill.mapping.OrderSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The cases of all carriers. */
public final class CaseBook {

    private final Path mappings;
    private final Carriers carriers;
    private final OrderSchema orders;

    private CaseBook(Path mappings, Carriers carriers, OrderSchema orders) {
        this.mappings = mappings;
        this.carriers = carriers;
        this.orders = orders;
    }

    /**
     * The cases that lie beside the mappings.
     *
     * @throws io.waybill.mapping.BadDeclarations if a mapping does not compile
     */
    public static CaseBook open(Path mappings) {
        Carriers carriers = Carriers.load(mappings);
        return new CaseBook(mappings, carriers, carriers.orders());
    }

    /**
     * The cases of a name.
     *
     * @param name {@code <carrier>}, {@code <carrier>/<case>}, or null for all
     * @throws IllegalArgumentException if there is none; a run of no cases proves nothing
     */
    public List<Case> cases(String name) {
        List<Case> found = new ArrayList<>();
        for (String carrier : carriers.ids()) {
            of(carrier).stream()
                    .filter(each -> name == null || name.equals(carrier) || name.equals(each.name()))
                    .forEach(found::add);
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("no cases were found" + (name == null ? "" : " of '" + name + "'"));
        }
        return found;
    }

    /** The cases of one carrier, none if it has none. */
    List<Case> of(String carrier) {
        return CarrierFolder.folders(mappings.resolve(carrier).resolve("cases")).stream()
                .map(folder -> new Case(folder, carriers.get(carrier), orders))
                .toList();
    }
}
