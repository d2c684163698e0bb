package io.waybill.mapping;

/**
 * What a look-up of a booking found.
 *
 * @param match {@code same} alive and surely this order, {@code absent} nothing under its reference, {@code dead} only
 *     cancelled ones, {@code other} an order that differs, {@code several} more than one alive
 * @param answer what the booking would have answered, if {@code same}; else null
 */
public record Found(String match, Answer answer) {}
