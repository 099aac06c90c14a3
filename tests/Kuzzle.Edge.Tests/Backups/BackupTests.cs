using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Backups;
using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Configuration.Layers;
using Kuzzle.Edge.Sqlite;
using Kuzzle.Edge.Sqlite.Backups;
using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Tests.Backups;

/// <summary>From a box to a file, and from the file to a box.</summary>
public sealed class BackupTests : IDisposable
{
    private static readonly CollectionName Sensors = new("plant", "sensors");

    private readonly ManualClock _clock = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("kuzzle-edge-backup-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_fresh_box_becomes_the_box_that_the_backup_is_of()
    {
        var first = Box("first");
        Write(first, "kuzzlerc.d/user.json", "{ /* one */ }");
        await PutAsync(first, "a", """{"v":1}""");
        var file = await BackUpAsync(first);

        var second = Box("second", configuration: null);
        Directory.Delete(StorageOf(first), recursive: true); // It is what the backup's configuration names.
        var said = new Restore(second, _clock).Run(file, RestoredParts.All, OutboxTreatment.Hold);

        said[0].ShouldContain("restored the backup of");
        (await FindAsync(second, "a")).ShouldBe("""{"v":1}""");
        Read(second, "kuzzlerc.d/user.json").ShouldBe("{ /* one */ }");
        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task What_a_box_had_before_is_set_aside_whole()
    {
        var box = Box("box");
        await PutAsync(box, "a", "{}");
        var file = await BackUpAsync(box);
        await PutAsync(box, "later", "{}");
        var changed = $$"""{ "storage": { "path": "{{StorageOf(box)}}" }, "log": { "level": "debug" } }""";
        Write(box, "kuzzlerc", changed);
        Write(box, "kuzzlerc.d/later.json", "{}");

        var said = new Restore(box, _clock).Run(file, RestoredParts.All, OutboxTreatment.Hold);

        (await FindAsync(box, "later")).ShouldBeNull();
        Read(box, "kuzzlerc").ShouldNotBe(changed);
        File.Exists(Path.Combine(box.SystemDirectory, "kuzzlerc.d", "later.json")).ShouldBeFalse();
        var aside = Directory.GetDirectories(box.SystemDirectory, "before-restore-*").Single();
        (await File.ReadAllTextAsync(Path.Combine(aside, "kuzzlerc"))).ShouldBe(changed);
        File.Exists(Path.Combine(aside, "kuzzlerc.d", "later.json")).ShouldBeTrue();
        Directory.GetFiles(Directory.GetDirectories(StorageOf(box), "before-restore-*").Single()).ShouldNotBeEmpty();
        said.Count(line => line.Contains("was there before", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task Wherever_a_backup_ends_too_early_it_is_refused_and_nothing_has_changed()
    {
        var box = Box("box");
        await PutAsync(box, "a", $$"""{"text":"{{new string('x', 5000)}}"}""");
        var file = await BackUpAsync(box);
        await PutAsync(box, "later", "{}");
        var whole = await File.ReadAllBytesAsync(file);
        var before = Everything(box);

        foreach (var length in (int[])[0, 1, 17, whole.Length / 4, whole.Length / 2, whole.Length - 200, whole.Length - 60])
        {
            var cut = Path.Combine(_folder, "cut");
            await File.WriteAllBytesAsync(cut, whole[..length]);

            Should.Throw<BackupException>(() => new Restore(box, _clock).Run(cut, RestoredParts.All, OutboxTreatment.Hold), $"{length} of {whole.Length}").Code.ShouldBe(ExitCode.DataCorrupt);
            Everything(box).ShouldBe(before);
        }
    }

    [Fact]
    public async Task Wherever_a_byte_is_wrong_it_is_refused_unless_it_says_the_same_nevertheless()
    {
        var box = Box("box");
        var json = $$"""{"text":"{{new string('x', 5000)}}"}""";
        await PutAsync(box, "a", json);
        var whole = await File.ReadAllBytesAsync(await BackUpAsync(box));
        var before = Everything(box);
        var seed = Environment.TickCount;
        var random = new Random(seed);

        for (var round = 0; round < 20; round++)
        {
            var at = random.Next(whole.Length);
            var damaged = whole.ToArray();
            damaged[at] ^= (byte)random.Next(1, 256);
            var file = Path.Combine(_folder, "damaged");
            await File.WriteAllBytesAsync(file, damaged);
            _clock.Advance(TimeSpan.FromSeconds(1));

            var refused = Record.Exception(() => new Restore(box, _clock).Run(file, RestoredParts.All, OutboxTreatment.Hold));

            if (refused is not null)
            {
                refused.ShouldBeOfType<BackupException>($"byte {at}, seed {seed}").Message.ShouldContain("backup");
                Everything(box).ShouldBe(before);
                continue;
            }

            // Zeros can be compressed in many ways, and some bytes mean nothing: a time, an operating system.
            (await FindAsync(box, "a")).ShouldBe(json, $"byte {at}, seed {seed}");
            before = Everything(box);
        }
    }

    [Fact]
    public async Task While_a_gateway_is_at_work_nothing_is_restored()
    {
        var box = Box("box");
        await PutAsync(box, "a", "{}");
        var file = await BackUpAsync(box);
        await using var store = Open(box);

        var refused = Should.Throw<BackupException>(() => new Restore(box, _clock).Run(file, RestoredParts.All, OutboxTreatment.Hold));

        refused.Code.ShouldBe(ExitCode.DataInUse);
        refused.Message.ShouldContain("systemctl stop kuzzle-edge");
    }

    [Fact]
    public async Task The_configuration_of_the_box_can_stay()
    {
        var first = Box("first");
        await PutAsync(first, "a", "{}");
        var file = await BackUpAsync(first);
        var second = Box("second");
        Write(second, "kuzzlerc.d/own.json", "{}");
        var own = Read(second, "kuzzlerc");

        var said = new Restore(second, _clock).Run(file, RestoredParts.Sessions, OutboxTreatment.Hold);

        Read(second, "kuzzlerc").ShouldBe(own);
        Read(second, "kuzzlerc.d/own.json").ShouldBe("{}");
        Directory.GetDirectories(second.SystemDirectory, "before-restore-*").ShouldBeEmpty();
        said.ShouldNotContain(line => line.Contains("the configuration that was there before", StringComparison.Ordinal));
        (await FindAsync(second, "a", StorageOf(second))).ShouldBe("{}");
    }

    [Fact]
    public async Task A_second_restore_within_the_same_second_has_a_place_for_what_was_there_before_it()
    {
        var box = Box("box");
        Write(box, "kuzzlerc.d/user.json", "{}");
        await PutAsync(box, "a", "{}");
        var file = await BackUpAsync(box);

        new Restore(box, _clock).Run(file, RestoredParts.All, OutboxTreatment.Hold);
        Write(box, "kuzzlerc.d/later.json", "{ /* later */ }");
        new Restore(box, _clock).Run(file, RestoredParts.All, OutboxTreatment.Hold);

        var asides = Directory.GetDirectories(box.SystemDirectory, "before-restore-*").Order(StringComparer.Ordinal).ToList();
        asides.Count.ShouldBe(2);
        asides[1].ShouldBe($"{asides[0]}-2");
        (await File.ReadAllTextAsync(Path.Combine(asides[1], "kuzzlerc.d", "later.json"))).ShouldBe("{ /* later */ }");
        (await FindAsync(box, "a")).ShouldBe("{}");
    }

    [Fact]
    public async Task A_configuration_that_is_too_large_in_sum_is_refused_though_each_of_its_files_is_not()
    {
        var box = Box("box");
        await PutAsync(box, "a", "{}");
        var before = Everything(box);
        var half = new byte[(BackupScope.MaxConfigurationBytes / 2) + 1];
        var entries = new[] { "one", "two" }.Select(name => new BackupEntry(BackupEntry.System + name, half.Length, Convert.ToHexStringLower(SHA256.HashData(half)), UnixFileMode.UserRead)).ToList();
        var file = Path.Combine(_folder, "tampered");
        await using (var gzip = new GZipStream(File.Create(file), CompressionLevel.Fastest))
        await using (var tar = new TarWriter(gzip))
        {
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, BackupManifest.FileName) { DataStream = new MemoryStream(new BackupManifest("1", _clock.GetUtcNow(), "n", entries).Write()) });
            foreach (var entry in entries) await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, entry.Name) { DataStream = new MemoryStream(half) });
        }

        var refused = Should.Throw<BackupException>(() => new Restore(box, _clock).Run(file, RestoredParts.All, OutboxTreatment.Hold));

        refused.Code.ShouldBe(ExitCode.DataCorrupt);
        refused.Message.ShouldContain("configuration/system/two is too large");
        Everything(box).ShouldBe(before);
    }

    [Fact]
    public void A_manifest_that_names_a_file_twice_is_none()
    {
        var entry = new BackupEntry("configuration/system/kuzzlerc", 1, "", UnixFileMode.UserRead);
        var json = new BackupManifest("1", _clock.GetUtcNow(), "n", [entry, entry]).Write();

        Should.Throw<BackupException>(() => BackupManifest.Read(json)).Message.ShouldContain("kuzzlerc twice");
    }

    [Fact]
    public async Task A_format_of_the_future_is_refused_by_name()
    {
        var box = Box("box");
        await PutAsync(box, "a", "{}");
        using var backup = PreparedBackup.Take(new BackupScope(StorageOf(box), box), Path.Combine(_folder, "spool"), _clock.GetUtcNow(), CancellationToken.None);
        var json = Encoding.UTF8.GetString(backup.Manifest.Write());

        BackupManifest.Read(Encoding.UTF8.GetBytes(json)).ShouldBe(backup.Manifest, new SameManifest());
        Should.Throw<BackupException>(() => BackupManifest.Read(Encoding.UTF8.GetBytes(json.Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal)))).Message.ShouldContain("format 2");
    }

    [Theory]
    [InlineData("data/../../etc/passwd")]
    [InlineData("configuration/system//etc/passwd")]
    [InlineData("configuration/system/./x")]
    [InlineData("/etc/passwd")]
    [InlineData("elsewhere/x")]
    public void A_name_that_leads_out_is_no_name(string name)
    {
        var json = $$"""{"product":"kuzzle-edge backup","format":1,"version":"1","createdAt":"2026-01-01T00:00:00Z","node":"n","files":[{"name":{{JsonSerializer.Serialize(name)}},"bytes":1,"sha256":"","mode":"600"}]}""";

        Should.Throw<BackupException>(() => BackupManifest.Read(Encoding.UTF8.GetBytes(json))).Code.ShouldBe(ExitCode.DataCorrupt);
    }

    [Fact]
    public async Task Its_copies_have_no_name_and_a_writer_that_fails_leaves_none()
    {
        var box = Box("box");
        await PutAsync(box, "a", "{}");
        var spool = Directory.CreateDirectory(Path.Combine(_folder, "spool")).FullName;

        using (var backup = PreparedBackup.Take(new BackupScope(StorageOf(box), box), Path.Combine(spool, "x"), _clock.GetUtcNow(), CancellationToken.None))
        {
            Directory.GetFiles(spool).ShouldBeEmpty();
            await Should.ThrowAsync<IOException>(() => backup.WriteAsync(new FullDisk(), CancellationToken.None));
        }

        Directory.GetFiles(spool).ShouldBeEmpty();
    }

    private ConfigurationSources Box(string name, string? configuration = "")
    {
        var sources = new ConfigurationSources { SystemDirectory = Directory.CreateDirectory(Path.Combine(_folder, name, "etc")).FullName };
        if (configuration is not null) Write(sources, "kuzzlerc", $$"""{ "storage": { "path": "{{StorageOf(sources)}}" } }""");
        return sources;
    }

    private static string StorageOf(ConfigurationSources box) => Path.Combine(Path.GetDirectoryName(box.SystemDirectory)!, "data");

    private static void Write(ConfigurationSources box, string file, string text)
    {
        var path = Path.Combine(box.SystemDirectory, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private static string Read(ConfigurationSources box, string file) => File.ReadAllText(Path.Combine(box.SystemDirectory, file));

    private SqliteDocumentStore Open(ConfigurationSources box, string? storage = null) =>
        SqliteDocumentStore.Open(new SqliteStoreOptions { Directory = storage ?? EdgeConfiguration.StorageDirectory(box) }, _clock, NullLoggerFactory.Instance);

    private async Task PutAsync(ConfigurationSources box, string id, string json)
    {
        await using var store = Open(box);
        await store.DefineCollectionAsync(Sensors, _ => new CollectionDefinition(JsonElement.Parse("{}"), JsonElement.Parse("{}")), CancellationToken.None);
        await store.WriteAsync(Sensors, [new Put(id, json)], CancellationToken.None);
    }

    private async Task<string?> FindAsync(ConfigurationSources box, string id, string? storage = null)
    {
        await using var store = Open(box, storage);
        var document = await store.FindAsync(Sensors, id, CancellationToken.None);
        return document is null ? null : Encoding.UTF8.GetString(document.Json.Span);
    }

    private async Task<string> BackUpAsync(ConfigurationSources box)
    {
        var file = Path.Combine(_folder, $"{Guid.NewGuid():N}.backup");
        using var backup = PreparedBackup.Take(new BackupScope(StorageOf(box), box), file, _clock.GetUtcNow(), CancellationToken.None);
        await using var output = new FileStream(
            file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        await backup.WriteAsync(output, CancellationToken.None);
        return file;
    }

    /// <summary>Every file of the box, with its content.</summary>
    private static string Everything(ConfigurationSources box)
    {
        var root = Path.GetDirectoryName(box.SystemDirectory)!;
        return string.Join('\n', Directory.EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Where(path => Path.GetFileName(path) is not ("lock" or "broker.lock"))
            .Select(path => Directory.Exists(path) ? path : $"{path} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))}"));
    }

    private sealed class Put(string id, string json) : DocumentWrite(id)
    {
        public override DocumentChange Apply(StoredDocument? current) => DocumentChange.Put(Encoding.UTF8.GetBytes(json));
    }

    /// <summary>Takes some bytes, then has no room.</summary>
    private sealed class FullDisk : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("No space left on device");

        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("No space left on device");

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("No space left on device");
    }

    private sealed class SameManifest : IEqualityComparer<BackupManifest>
    {
        public bool Equals(BackupManifest? x, BackupManifest? y) => x!.Write().AsSpan().SequenceEqual(y!.Write());

        public int GetHashCode(BackupManifest obj) => 0;
    }
}
