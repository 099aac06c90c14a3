using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Layers;

/// <summary>A file of the configuration.</summary>
internal static class JsonFile
{
    /// <summary>Ten times the largest that anybody would write by hand; a device or a log named by mistake is not read to its end.</summary>
    private const int MaxBytes = 1024 * 1024;

    /// <summary>What the file says; null, with a fault, when it cannot be read.</summary>
    public static SettingObject? Read(string path, List<ConfigurationFault> faults)
    {
        if (Load(path, faults) is not { } bytes) return null;

        switch (JsonText.Read(bytes, path, faults))
        {
            case SettingObject settings:
                return settings;
            case { } other:
                faults.Add(new ConfigurationFault(other.Origin, $"must be an object {{ … }}, not {other.Describe()}"));
                return null;
            default:
                return null;
        }
    }

    private static byte[]? Load(string path, List<ConfigurationFault> faults)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            var bytes = new byte[MaxBytes + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length <= MaxBytes) return bytes[..length];

            faults.Add(new ConfigurationFault(new Origin(path), $"is larger than {MaxBytes} bytes; is it a configuration?"));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            faults.Add(new ConfigurationFault(new Origin(path), "does not exist"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            faults.Add(new ConfigurationFault(new Origin(path), Directory.Exists(path) ? "is a directory" : $"cannot be read: {exception.Message}"));
        }

        return null;
    }
}
