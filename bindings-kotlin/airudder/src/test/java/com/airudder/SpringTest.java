package com.airudder;

import com.airudder.spring.AiRudderEvents;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/** Events in a server of Spring Boot. */
@Timeout(120)
class SpringTest {
    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Server {
        @Bean
        RouterFunction<ServerResponse> events(EventRouter router) {
            return AiRudderEvents.airudderEvents("/events", router);
        }
    }

    private final Posted posted = new Posted();
    private final ConfigurableApplicationContext server = new SpringApplicationBuilder(Server.class)
            .initializers(context -> context.getBeanFactory().registerSingleton("router", posted.getRouter()))
            .properties(Map.of("server.port", "0", "server.address", "127.0.0.1", "spring.main.banner-mode", "off"))
            .run();
    private final String url = "http://127.0.0.1:" + server.getEnvironment().getProperty("local.server.port") + "/events";

    @AfterEach
    void end() {
        server.close();
        posted.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void receivesEveryKind(boolean encrypted) {
        posted.assertReceivesAllKinds(url, encrypted);
    }

    @Test
    void refusesWhatCannotBeTaken() {
        posted.assertRefuses(url);
    }
}
