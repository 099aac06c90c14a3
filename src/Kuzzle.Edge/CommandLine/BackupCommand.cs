using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Backups;
using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Configuration.Layers;
using Kuzzle.Edge.Sqlite.Backups;

namespace Kuzzle.Edge.CommandLine;

/// <summary><c>kuzzle-edge backup</c> and <c>kuzzle-edge restore</c>.</summary>
internal static class BackupCommand
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Both commands.</summary>
    /// <param name="file">The option that names a configuration file.</param>
    /// <param name="sources">What there is of a configuration.</param>
    public static IEnumerable<Command> Create(Option<string> file, Func<ParseResult, ConfigurationSources> sources)
    {
        var target = new Argument<string>("FILE") { Description = "The file to be made. It must not be there yet." };
        var gateway = new GatewayOptions("Makes a backup of the gateway at this HTTP address; without it, of the one on this machine, by its files.", fallback: null);
        var backup = new Command("backup", "Makes a backup of everything, of one moment, while the gateway serves or while it does not. The file holds secrets.") { TreatUnmatchedTokensAsErrors = false };
        backup.Add(target);
        backup.Add(file);
        gateway.AddTo(backup);
        backup.SetAction((parsed, cancellationToken) => BackUpAsync(
            parsed.GetValue(target)!,
            sources(parsed),
            gateway.UrlIn(parsed),
            gateway.TokenIn(parsed),
            cancellationToken));

        var source = new Argument<string>("FILE") { Description = "The backup." };
        var noConfiguration = new Option<bool>("--without-configuration") { Description = "Leaves the configuration as it is here." };
        var noSessions = new Option<bool>("--without-sessions") { Description = "Begins without MQTT sessions and retained messages, so that no old message is delivered again." };
        var send = new Option<bool>("--send-outbox") { Description = "Sends upstream what had not gone up when the backup was made, though the upstream may have something newer." };
        var restore = new Command("restore", "Puts a backup in the place of the configuration and the data, which are set aside. The gateway must be stopped.") { TreatUnmatchedTokensAsErrors = false };
        restore.Add(source);
        restore.Add(file);
        restore.Add(noConfiguration);
        restore.Add(noSessions);
        restore.Add(send);
        restore.SetAction(parsed => Restore(
            parsed.GetValue(source)!,
            sources(parsed),
            (parsed.GetValue(noConfiguration) ? RestoredParts.None : RestoredParts.Configuration) | (parsed.GetValue(noSessions) ? RestoredParts.None : RestoredParts.Sessions),
            parsed.GetValue(send) ? OutboxTreatment.Send : OutboxTreatment.Hold));
        return [backup, restore];
    }

    private static int Restore(string file, ConfigurationSources sources, RestoredParts parts, OutboxTreatment outbox)
    {
        try
        {
            foreach (var line in new Restore(sources, TimeProvider.System).Run(file, parts, outbox)) Console.Out.WriteLine($"kuzzle-edge: {line}");
            return (int)ExitCode.Success;
        }
        catch (Exception exception) when (CodeOf(exception) is { } code)
        {
            return StandardError.Write(code, exception.Message);
        }
    }

    private static async Task<int> BackUpAsync(string file, ConfigurationSources sources, Uri? url, string? token, CancellationToken cancellationToken)
    {
        var unfinished = $"{file}.unfinished";
        try
        {
            if (File.Exists(file)) return StandardError.Write(ExitCode.Usage, $"{file} is there already; choose another name, or remove it");

            File.Delete(unfinished);
            var what = await WriteAsync(unfinished, sources, url, token, cancellationToken);
            File.Move(unfinished, file);
            var size = new FileInfo(file).Length;
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"kuzzle-edge: {what} is in {file}, {size} bytes. It holds passwords' hashes, keys and all data: keep it as you would keep those."));
            return (int)ExitCode.Success;
        }
        catch (Exception exception) when (CodeOf(exception) is { } code)
        {
            return StandardError.Write(code, exception.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return StandardError.Write(ExitCode.Unexpected, "the backup was given up");
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static async Task<string> WriteAsync(string file, ConfigurationSources sources, Uri? url, string? token, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly, Options = FileOptions.Asynchronous };
        await using var output = new FileStream(file, options);
        var what = url is null ? await WriteOwnAsync(file, sources, output, cancellationToken) : await FetchAsync(url, token, output, cancellationToken);
        await output.FlushAsync(cancellationToken);
        output.Flush(flushToDisk: true);
        return what;
    }

    /// <summary>By the files, whether a gateway is at work on them or not: who can read them needs nobody's leave.</summary>
    private static async Task<string> WriteOwnAsync(string file, ConfigurationSources sources, Stream output, CancellationToken cancellationToken)
    {
        var storage = EdgeConfiguration.StorageDirectory(sources);
        if (!File.Exists(Path.Combine(storage, StorageFiles.Documents))) throw new BackupException(ExitCode.DataUnwritable, $"there are no data in {storage}, or this user may not see them");

        using var backup = PreparedBackup.Take(new BackupScope(storage, sources), file, TimeProvider.System.GetUtcNow(), cancellationToken);
        await backup.WriteAsync(output, cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"the state of {backup.Manifest.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z");
    }

    private static async Task<string> FetchAsync(Uri gateway, string? token, Stream output, CancellationToken cancellationToken)
    {
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(15) });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway, "_/edge/system/backup"));
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode) throw new BackupException(ExitCode.AddressUnavailable, $"{gateway} refuses: {await ReasonOfAsync(response, cancellationToken)}");

        await response.Content.CopyToAsync(output, cancellationToken);
        return $"a backup of {gateway}";
    }

    private static async Task<string> ReasonOfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = string.Create(CultureInfo.InvariantCulture, $"{(int)response.StatusCode}");
        try
        {
            var answer = JsonElement.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            return $"{answer.GetProperty("error").GetProperty("message").GetString()} ({status})";
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return status;
        }
    }

    private static ExitCode? CodeOf(Exception exception) => exception switch
    {
        BackupException backup => backup.Code,
        DocumentStoreException storage => RunCommand.CodeOf(storage),
        HttpRequestException => ExitCode.AddressUnavailable,
        UnauthorizedAccessException => ExitCode.DataUnwritable,
        IOException => ExitCode.DiskFailure,
        _ => null,
    };
}
