package io.waybill.access;

/** A line of the users file. */
record User(String name, Role role, PasswordHash password) {

    Login login() {
        return new Login(name, role);
    }
}
