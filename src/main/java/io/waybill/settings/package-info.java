/** The settings: one file with every name and its default, overridden by files, system properties and the environment. */
package io.waybill.settings;
