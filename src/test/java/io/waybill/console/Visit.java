package io.waybill.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import io.waybill.testing.Patience;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/** Somebody at the console, in a browser without a past. Remembers what the browser asked of whom. */
final class Visit implements AutoCloseable {

    private static final Path SCREENSHOTS = Path.of("target/screenshots");
    private final String address;
    private final BrowserContext context;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile String reason = "";
    private volatile String told = "";
    final Page page;

    Visit(Browser browser, int port) {
        address = "http://127.0.0.1:" + port;
        context = browser.newContext(new Browser.NewContextOptions().setViewportSize(1500, 1000));
        context.setDefaultTimeout(Patience.MILLIS);
        context.onRequest(request -> asked.add(url(request)));
        page = context.newPage();
        page.onDialog(dialog -> {
            told = dialog.message();
            dialog.accept(reason);
        });
        page.navigate(address + "/hawtio/");
    }

    Visit logIn(String user, String password) {
        page.fill("#username", user);
        page.fill("#password", password);
        page.click("button[type=submit]");
        return this;
    }

    /** Goes to a view of the Camel part, for a node of its tree. */
    Visit camel(String node) {
        page.locator("nav a[href*='/camel']").first().click();
        tree().getByText(node, new Locator.GetByTextOptions().setExact(true))
                .first()
                .click();
        return this;
    }

    Visit tab(String name) {
        page.locator("main a[href*='/" + name + "']").first().click();
        return this;
    }

    /** Goes to the operations of an MBean of ours. */
    Visit operations(String bean) {
        page.locator("nav a[href*='/jmx']").first().click();
        page.fill("input[type=search]", bean);
        tree().getByText(bean, new Locator.GetByTextOptions().setExact(true))
                .first()
                .click();
        return tab("jmx/operations");
    }

    /** Calls one, with its arguments in their order; the place where the answer appears. */
    Locator call(String operation, String... arguments) {
        Locator item = page.locator("main .pf-v5-c-data-list__item")
                .filter(new Locator.FilterOptions().setHasText(Pattern.compile(operation + "\\(")))
                .first();
        item.locator("button[id^=ex-toggle]").click();
        for (int i = 0; i < arguments.length; i++) {
            item.locator("form input").nth(i).fill(arguments[i]);
        }
        item.locator("form button").getByText("Execute").click();
        return item;
    }

    /** What is answered when the console asks why. */
    Visit because(String given) {
        reason = given;
        return this;
    }

    /** What the last box said that the console opened. */
    String told() {
        return told;
    }

    Locator row(String name) {
        return page.locator("main tr")
                .filter(new Locator.FilterOptions()
                        .setHas(page.getByText(name, new Page.GetByTextOptions().setExact(true))));
    }

    Locator main() {
        return page.locator("main");
    }

    Visit sees(String text) {
        assertThat(main()).containsText(text);
        return this;
    }

    Visit picture(String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
        return this;
    }

    /** What was asked of another host than ours, also in vain. */
    List<String> askedElsewhere() {
        return asked.stream()
                .filter(url -> !url.startsWith(address + "/"))
                .filter(url -> !url.startsWith("data:") && !url.startsWith("blob:"))
                .toList();
    }

    private Locator tree() {
        return page.locator(".pf-v5-c-tree-view");
    }

    private static String url(Request request) {
        return request.url();
    }

    @Override
    public void close() {
        context.close();
    }
}
