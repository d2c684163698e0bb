/**
 * What an operator does: the MBeans {@code Operations} and {@code Carrier}, which speak in rows and take a reason for whatever
 * changes something.
 */
package io.waybill.operate;
