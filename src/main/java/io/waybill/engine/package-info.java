/**
 * A running Waybill: {@link io.waybill.engine.Engine} puts the parts together, in the order in which they are started and stopped.
 */
package io.waybill.engine;
