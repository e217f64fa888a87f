package com.airudder.benches

import java.io.File
import java.security.KeyStore
import java.security.cert.CertificateFactory
import javax.net.ssl.SSLContext
import javax.net.ssl.TrustManagerFactory
import javax.net.ssl.X509TrustManager

/** Whether servers are to be spoken to in HTTP/2. */
val http2: Boolean = System.getenv("BENCH_HTTP2") == "1"

/** What trusts the CA of the server. */
class Trust(
    file: File,
) {
    val manager: X509TrustManager
    val context: SSLContext

    init {
        val certificate = file.inputStream().use { CertificateFactory.getInstance("X.509").generateCertificate(it) }
        val store = KeyStore.getInstance(KeyStore.getDefaultType())
        store.load(null)
        store.setCertificateEntry("ca", certificate)
        val factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm())
        factory.init(store)
        manager = factory.trustManagers.filterIsInstance<X509TrustManager>().single()
        context = SSLContext.getInstance("TLS").apply { init(null, arrayOf(manager), null) }
    }
}

val trust: Trust? by lazy { System.getenv("AIRUDDER_CA_CERTIFICATE")?.let { Trust(File(it)) } }
