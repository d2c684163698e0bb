/**
 * What is wrong with routes, carriers, cases and settings, found before anything runs.
 *
 * <p>Each class knows one family of rules; {@link io.waybill.check.Check} asks them all. What Camel's loader and JSLT say
 * themselves is left to them: most rules here are about what they accept in silence. The cases are run by
 * {@link io.waybill.check.Case}, the same on the command line and in the build.
 */
package io.waybill.check;
