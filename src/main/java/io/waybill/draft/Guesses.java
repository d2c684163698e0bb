package io.waybill.draft;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What a field of a carrier is in our order, as far as its name tells. */
final class Guesses {

    /** Where a field stands: in the request itself, in the address of somebody, or in one of the goods. */
    enum Place {
        REQUEST(""),
        RECIPIENT("recipient"),
        SENDER("sender"),
        ITEM("items");

        private final String ours;

        Place(String ours) {
            this.ours = ours;
        }

        /** The field of our order. */
        String ours() {
            return ours;
        }
    }

    /**
     * A guess.
     *
     * @param path the field of our order, relative to the place
     * @param code the table of codes that our word has to be turned with, null if none
     */
    record Guess(String path, String code) {}

    private static final Map<Place, Set<String>> PLACES = Map.of(
            Place.RECIPIENT,
                    Set.of(
                            "receiver",
                            "recipient",
                            "to",
                            "shipto",
                            "toaddress",
                            "consignee",
                            "deliveryaddress",
                            "destination"),
            Place.SENDER, Set.of("sender", "from", "shipfrom", "fromaddress", "shipper", "consignor", "pickupaddress"),
            Place.ITEM,
                    Set.of("items", "goods", "contents", "products", "commodities", "commodity", "lines", "articles"));

    private static final Map<String, String> OF_REQUEST = words(
            "reference: $reference",
            "orderid ordernumber orderno ordercode clientreference customerreference externalid: $reference",
            "service servicecode servicetype product productcode deliveryservice: service/service",
            "remark remarks note notes instructions comment desc: remarks[0]",
            "salesreference: sales_reference",
            "platformordernumber marketplaceorder: platform.order_number",
            "parcels quantity packages numberofpackages: parcel.count",
            "weightg weightgrams: parcel.weight_g",
            "trackingnumber: tracking_number");

    private static final Map<String, String> OF_PARTY = words(
            "name fullname contact contactname person: name",
            "company companyname businessname: company",
            "phone telephone tel mobile phonenumber: phone",
            "email mail: email",
            "country countrycode countryiso: country_code",
            "province state region county provincename: province",
            "city town cityname: city",
            "district suburb area: district",
            "postalcode postcode zip zipcode: postal_code",
            "address street addresslines: address_lines",
            "addressline1 line1 street1 address1: address_lines[0]",
            "addressline2 line2 street2 address2: address_lines[1]",
            "addressline3 line3 street3 address3: address_lines[2]",
            "eori: eori");

    private static final Map<String, String> OF_ITEM = words(
            "sku code goodscode articlenumber: sku",
            "name description title goodsname: name",
            "quantity qty count: quantity",
            "unitprice price: unit_price.amount",
            "currency: unit_price.currency",
            "hscode tariffnumber: hs_code",
            "origin countryoforigin: country_of_origin",
            "weightg weightgrams: weight_g");

    private Guesses() {}

    /** The place that a field with fields of its own is. */
    static Optional<Place> place(String name) {
        return PLACES.entrySet().stream()
                .filter(place -> place.getValue().contains(plain(name)))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    static Optional<Guess> of(Place place, String name) {
        Map<String, String> words =
                switch (place) {
                    case REQUEST -> OF_REQUEST;
                    case ITEM -> OF_ITEM;
                    default -> OF_PARTY;
                };
        return Optional.ofNullable(words.get(plain(name))).map(guess -> {
            List<String> parts = List.of(guess.split("/"));
            return new Guess(parts.get(0), parts.size() > 1 ? parts.get(1) : null);
        });
    }

    /** The name of an answer's field that tells one of these things, such as its id. */
    static boolean means(String name, String... words) {
        return Set.of(words).contains(plain(name));
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    private static Map<String, String> words(String... lines) {
        Map<String, String> words = new TreeMap<>();
        for (String line : lines) {
            String[] halves = line.split(": ");
            for (String word : halves[0].split(" ")) {
                words.put(word, halves[1]);
            }
        }
        return words;
    }
}
