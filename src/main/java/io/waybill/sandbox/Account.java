package io.waybill.sandbox;

import java.util.List;

/**
 * One merchant's credentials at one simulated carrier.
 *
 * @param carrier {@code birdsystem}, {@code mabang} or {@code kdniao}
 * @param id who calls: company_id (digits), client_code or EBusinessID
 * @param key what proves it: api_key, bearer token or ApiKey
 */
public record Account(String carrier, String id, String key) {

    /** BirdSystem's header {@code api_key}. */
    public static final String BIRDSYSTEM_API_KEY = "sandbox-api-key";

    /** BirdSystem's header {@code company_id}, the site; every simulated site is British. */
    public static final String BIRDSYSTEM_COMPANY_ID = "2";

    /** Mabang's token, sent as {@code Authorization: Bearer}. */
    public static final String MABANG_TOKEN = "sandbox-token";

    /** Mabang's {@code centre_code}, the one warehouse. */
    public static final String MABANG_CENTRE_CODE = "WH-SANDBOX";

    /** Mabang's {@code client_code}. */
    public static final String MABANG_CLIENT_CODE = "20";

    /** KDNiao's {@code EBusinessID}. */
    public static final String KDNIAO_EBUSINESS_ID = "1000001";

    /** KDNiao's {@code ApiKey}, the secret of {@code DataSign}. */
    public static final String KDNIAO_API_KEY = "demo-api-key";

    /** One account at each carrier, made of the constants above. */
    public static List<Account> demo() {
        return List.of(
                new Account(BirdSystem.NAME, BIRDSYSTEM_COMPANY_ID, BIRDSYSTEM_API_KEY),
                new Account(Mabang.NAME, MABANG_CLIENT_CODE, MABANG_TOKEN),
                new Account(KdNiao.NAME, KDNIAO_EBUSINESS_ID, KDNIAO_API_KEY));
    }

    boolean matches(String atCarrier, String withId, String withKey) {
        return carrier.equals(atCarrier) && id.equals(withId) && key.equals(withKey);
    }
}
