/** What declaring a carrier costs beside writing it by hand: {@code mvn -q -Pjmh test}. */
package io.waybill.jmh;
