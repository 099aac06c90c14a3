using System.Text;
using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Configuration.Layers;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.FirstBoot;

/// <summary>The partition that every computer can write: what the owner has put there for a box that has not run yet.</summary>
internal sealed class FirmwarePartition(string directory)
{
    /// <summary>The file in which the box answers.</summary>
    public const string AnswerFile = "kuzzle-edge.txt";

    /// <summary>The longest file that is read; Imager's are a few thousand bytes.</summary>
    private const int MaxBytes = 256 * 1024;

    private const string Json = "kuzzle-edge.json";
    private const string Toml = "kuzzle-edge.toml";
    private const string Script = "firstrun.sh";
    private const string UserData = "user-data";
    private const string NetworkConfig = "network-config";
    private const string Supplicant = "wpa_supplicant.conf";

    /// <summary>NAME:HASH, as `openssl passwd -6` makes the hash.</summary>
    private static readonly string[] UserFiles = ["userconf.txt", "userconf"];

    /// <summary>Raspberry Pi OS opens SSH when one of these is there, whatever is in it.</summary>
    private static readonly string[] SshFiles = ["ssh", "ssh.txt"];

    /// <summary>What may be there, what counts most first.</summary>
    private static readonly string[] Names = [Json, Toml, "rpi-preseed.toml", "custom.toml", Script, UserData, NetworkConfig, Supplicant, .. UserFiles, .. SshFiles];

    /// <summary>Those that are there. Fails with an <see cref="IOException"/> or an <see cref="UnauthorizedAccessException"/> where the partition cannot be read, which is not the same as empty.</summary>
    public IReadOnlyList<string> Files
    {
        get
        {
            using var entries = Directory.EnumerateFileSystemEntries(directory).GetEnumerator();
            entries.MoveNext(); // File.Exists would say no to all.
            return [.. Names.Where(name => File.Exists(PathOf(name)))];
        }
    }

    /// <summary>Removes what <see cref="Wipe"/> has overwritten and not removed, since the power went.</summary>
    public void FinishWipe()
    {
        foreach (var name in Files)
        {
            using (var file = new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0))
            {
                var bytes = new byte[Math.Min(file.Length, MaxBytes + 1)];
                file.ReadExactly(bytes);
                if (bytes.Length == 0 || bytes.AsSpan().ContainsAnyExcept((byte)0)) continue;
            }

            File.Delete(PathOf(name));
        }
    }

    /// <summary>All that the files want together. Faults of every file are added.</summary>
    public BoxWishes Read(List<ConfigurationFault> faults)
    {
        var files = Files;
        if (files.Contains(Json) && files.Contains(Toml))
        {
            faults.Add(new ConfigurationFault(new Origin(Json), $"is there and so is {Toml}, and they could contradict each other; keep one"));
        }

        var wishes = new BoxWishes();
        foreach (var name in files) wishes = wishes.Or(ReadFile(name, faults));
        if (wishes.SshPasswords == true && wishes.User?.Password is null && files.Any(SshFiles.Contains)) wishes = wishes with { SshPasswords = null }; // There is no password that could be enough.
        if (wishes is { User.Password: null, SshKeys: null or { Count: 0 } })
        {
            faults.Add(new ConfigurationFault(new Origin(files[0]), $"the user {wishes.User.Name} could never log in; give a password or an SSH key"));
        }

        return wishes;
    }

    /// <summary>Takes the files away, so that nobody who finds the card reads the secrets in them. Overwritten first: most readers of cards see what was merely deleted.</summary>
    public void Wipe()
    {
        foreach (var name in Files)
        {
            using (var file = new FileStream(PathOf(name), FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                file.Write(new byte[file.Length]);
                file.Flush(flushToDisk: true);
            }

            File.Delete(PathOf(name));
        }
    }

    /// <summary>Tells the owner how it went. No secrets.</summary>
    public void Answer(IEnumerable<string> lines)
    {
        // Line ends as Windows' editor wants them, for there the card will be put in.
        var text = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\r\n")));
        using var file = new FileStream(PathOf(AnswerFile), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        file.Write(text);
        file.Flush(flushToDisk: true);
    }

    private BoxWishes ReadFile(string name, List<ConfigurationFault> faults)
    {
        if (SshFiles.Contains(name)) return new BoxWishes { SshPasswords = true };
        if (Load(name, faults) is not { } bytes) return new BoxWishes();
        if (!IsUtf8(bytes, name, faults, out var text)) return new BoxWishes();
        if (name == Script) return FirstRunScript.Read(text, name, faults);
        if (name == Supplicant) return SupplicantFile.Read(text, name, faults);
        if (UserFiles.Contains(name)) return UserOf(text, name, faults);
        if (name == UserData && (text.StartsWith("#!", StringComparison.Ordinal) || text.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase)))
        {
            faults.Add(new ConfigurationFault(new Origin(name, 1), "is a script or an archive; it is read when it is of the form #cloud-config, and nothing of it is run"));
            return new BoxWishes();
        }

        switch (Parse(name, bytes, text, faults))
        {
            case SettingObject written:
                return name switch
                {
                    Json or Toml => BoxSettings.Read(written, faults),
                    UserData => CloudConfig.Read(written, faults),
                    NetworkConfig => CloudNetwork.Read(written, faults),
                    _ => ImagerSettings.Read(written, faults),
                };
            case { } other:
                faults.Add(new ConfigurationFault(other.Origin, $"must be an object {{ … }}, not {other.Describe()}"));
                break;
        }

        return new BoxWishes();
    }

    private static SettingNode? Parse(string name, byte[] bytes, string text, List<ConfigurationFault> faults) => name switch
    {
        Json => JsonText.Read(bytes, name, faults),
        UserData or NetworkConfig => YamlText.Read(text, name, faults),
        _ => TomlText.Read(text, name, faults),
    };

    private static BoxWishes UserOf(string text, string name, List<ConfigurationFault> faults)
    {
        if (text.Trim().Split(':', 2) is [var user, ['$', _, ..] hash] && WishTypes.UserName.Takes(user) && WishTypes.SystemPassword.Takes(hash)) return new BoxWishes { User = new SystemUser(user, hash, IsHashed: true, NeedsNoPassword: false) };

        faults.Add(new ConfigurationFault(new Origin(name, 1), $"must be NAME:HASH, where NAME is {WishTypes.UserName.Description} and HASH is what `openssl passwd -6` makes of the password"));
        return new BoxWishes();
    }

    private byte[]? Load(string name, List<ConfigurationFault> faults)
    {
        using var file = new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var bytes = new byte[MaxBytes + 1];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length <= MaxBytes) return bytes[..length];

        faults.Add(new ConfigurationFault(new Origin(name), $"is larger than {MaxBytes} bytes"));
        return null;
    }

    private static bool IsUtf8(byte[] bytes, string name, List<ConfigurationFault> faults, out string text)
    {
        var utf8 = bytes.AsSpan();
        if (utf8.StartsWith("\uFEFF"u8)) utf8 = utf8["\uFEFF"u8.Length..];
        try
        {
            text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(utf8);
            return true;
        }
        catch (DecoderFallbackException)
        {
            faults.Add(new ConfigurationFault(new Origin(name), "is not UTF-8 text"));
            text = "";
            return false;
        }
    }

    private string PathOf(string name) => Path.Combine(directory, name);
}
