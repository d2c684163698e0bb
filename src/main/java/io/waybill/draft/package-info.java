/**
 * The first draft of a carrier folder, made of an OpenAPI document or of samples. What is certain is written down, what can be
 * guessed by its name is guessed, and the rest says that it is left to fill in, which the check finds and no order survives.
 */
package io.waybill.draft;
