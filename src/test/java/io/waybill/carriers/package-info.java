/**
 * What every carrier has to pass, shipped or not: one battery over BirdSystem, Mabang, KDNiao and ParcelOne. ParcelOne is a folder
 * and route lines below {@code src/test/carriers}, and a small server here; nothing of it is in {@code src/main}.
 */
package io.waybill.carriers;
