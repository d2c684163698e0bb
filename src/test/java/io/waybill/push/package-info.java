/** What carriers tell by themselves, over real HTTP to the shipment in the outbox. */
package io.waybill.push;
