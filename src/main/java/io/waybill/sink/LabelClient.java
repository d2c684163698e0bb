package io.waybill.sink;

import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.util.Timeout;

/** An HTTP client with everything switched off that a download of a label does not need. */
final class LabelClient {

    private static final int MOST = 256;
    private static final int MOST_PER_HOST = 32;

    private LabelClient() {}

    static CloseableHttpClient of(LabelDownload.Network network) {
        Timeout patience = Timeout.of(network.patience());
        return HttpClientBuilder.create()
                .setConnectionManager(connections(network, patience))
                .setConnectionReuseStrategy((request, response, context) -> false)
                .setDefaultRequestConfig(requests(patience))
                .setUserAgent("waybill")
                .disableAuthCaching()
                .disableAutomaticRetries()
                .disableConnectionState()
                .disableContentCompression()
                .disableCookieManagement()
                .disableRedirectHandling()
                .build();
    }

    private static HttpClientConnectionManager connections(LabelDownload.Network network, Timeout patience) {
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(new CheckedResolver(network.lookup(), network.allowed()))
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(network.trust()))
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(patience)
                        .setSocketTimeout(patience)
                        .build())
                .setMaxConnTotal(MOST)
                .setMaxConnPerRoute(MOST_PER_HOST)
                .build();
    }

    private static RequestConfig requests(Timeout patience) {
        return RequestConfig.custom()
                .setAuthenticationEnabled(false)
                .setConnectionRequestTimeout(patience)
                .setProtocolUpgradeEnabled(false)
                .setRedirectsEnabled(false)
                .setResponseTimeout(patience)
                .build();
    }
}
