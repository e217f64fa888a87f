package com.airudder

import com.airudder.internal.FileToUpload
import com.airudder.internal.UploadContent
import java.io.File
import java.nio.file.Path

/** A file to send. Its `toString` shows nothing of it: files are often named after people. */
public class Upload private constructor(
    internal val file: FileToUpload,
) {
    /**
     * A file on the disk. It is read piece by piece while it is sent, and never held as a whole; it must not change meanwhile. Sending it has no time
     * limit but the one that its call is given, and ends when AI Rudder takes or says nothing for longer than the client's `readTimeout`.
     *
     * @param name what it is called at AI Rudder's side; by default the last part of its path
     * @param mediaType what is in it, such as `image/png`; by default what its name's ending says
     */
    @JvmOverloads
    public constructor(
        path: Path,
        name: String? = null,
        mediaType: String? = null,
    ) : this(FileToUpload(UploadContent.Stored(path.toString()), name, mediaType))

    /** A file on the disk, see the constructor that takes a [Path]. */
    @JvmOverloads
    public constructor(
        file: File,
        name: String? = null,
        mediaType: String? = null,
    ) : this(file.toPath(), name, mediaType)

    /**
     * Bytes in memory, sent within the time of any call.
     *
     * @param name what the file is called at AI Rudder's side
     * @param mediaType what is in it, such as `image/png`; by default what its name's ending says
     */
    @JvmOverloads
    public constructor(
        bytes: ByteArray,
        name: String,
        mediaType: String? = null,
    ) : this(FileToUpload(UploadContent.InMemory(bytes), name, mediaType))
}
