package io.waybill.management;

/** What a browser without a session sees, whatever it asked for: no file of the console is served before the login. */
final class LoginPage {

    static final String ACTION = "/hawtio/auth/login";

    private static final String PAGE =
            """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <title>Waybill</title>
            <style>
            body {font: 16px/1.5 sans-serif; background: #f0f0f0; color: #151515; margin: 0}
            form {max-width: 20em; margin: 12vh auto; padding: 2em; background: #fff; border-top: 4px solid #06c}
            label, input, button {display: block; width: 100%%; box-sizing: border-box; font: inherit}
            input {margin: .2em 0 1em; padding: .4em}
            button {padding: .5em; background: #06c; color: #fff; border: 0}
            p {color: #a30000; min-height: 1.5em; margin: 0 0 .5em}
            </style>
            </head>
            <body>
            <form method="post" action="%s">
            <h1>Waybill</h1>
            <p role="alert">%s</p>
            <label for="username">User</label>
            <input id="username" name="username" autocomplete="username" autofocus required>
            <label for="password">Password</label>
            <input id="password" name="password" type="password" autocomplete="current-password" required>
            <button type="submit">Log in</button>
            </form>
            </body>
            </html>
            """;

    private LoginPage() {}

    /**
     * The page.
     *
     * @param message a sentence of ours, nothing that came in
     */
    static String with(String message) {
        return PAGE.formatted(ACTION, message);
    }
}
