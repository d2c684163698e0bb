/** Parts that Waybill needs and that are gone, broken or slow for a while, each for real and each by its name. */
package io.waybill.outage;
