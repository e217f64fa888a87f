@file:JvmName("Times")

package com.airudder

import java.time.Instant
import java.time.LocalDateTime
import java.time.OffsetDateTime
import java.time.ZoneOffset
import java.time.ZonedDateTime
import java.time.format.DateTimeFormatter

private val zonedTime = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ssxxx")
private val accountTime = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss")

/** This time as AI Rudder writes one that carries its zone, to the second: `2026-11-23 18:00:00+08:00`. */
public fun OffsetDateTime.toZonedTime(): String = format(zonedTime)

/** This time as AI Rudder writes one that carries its zone, to the second: `2026-11-23 18:00:00+08:00`. */
public fun ZonedDateTime.toZonedTime(): String = format(zonedTime)

/** This moment as AI Rudder writes a time that carries its zone, to the second and in UTC: `2026-11-23 10:00:00+00:00`. */
public fun Instant.toZonedTime(): String = atOffset(ZoneOffset.UTC).toZonedTime()

/** This time as AI Rudder writes one in the time zone of the account, to the second: `2026-11-23 18:00:00`. */
public fun LocalDateTime.toAccountTime(): String = format(accountTime)
