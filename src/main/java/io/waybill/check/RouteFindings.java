package io.waybill.check;

import io.waybill.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** All rules about route files. */
record RouteFindings(Path routes, Settings settings, Findings findings) {

    /** Returns what the routes take from, such as {@code seda:kdniao}. */
    Set<String> check() {
        List<RouteFile> files = RouteFile.read(routes, findings);
        new RouteShape(files, findings).check();
        new RouteSteps(files, findings).check();
        new RouteGuards(files, findings).check();
        RouteEndpoints endpoints = new RouteEndpoints(files, settings, findings);
        endpoints.check();
        return endpoints.served();
    }
}
