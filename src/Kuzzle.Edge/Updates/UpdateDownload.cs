using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Backups;
using Kuzzle.Edge.Sync.Connections;

namespace Kuzzle.Edge.Updates;

/// <summary>
/// Fetches an update into a folder. What was fetched before a break, or before a restart of the process, is not fetched again, if the server still has the same file.
/// </summary>
/// <param name="client">Speaks HTTP. The caller's, who disposes it.</param>
/// <param name="folder">Where the file is kept until it is installed.</param>
/// <param name="clock">Waits between attempts.</param>
internal sealed class UpdateDownload(HttpMessageInvoker client, string folder, TimeProvider clock)
{
    /// <summary>That much stays free: the gateway goes on storing while the update comes.</summary>
    public const long Reserve = 64 * 1024 * 1024;

    /// <summary>Attempts in a row that bring nothing.</summary>
    private const int MaxIdleAttempts = 8;

    /// <summary>A line that brings nothing for so long is dead.</summary>
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(60);

    /// <summary>Fetches it whole and checks it.</summary>
    /// <returns>The path of the file.</returns>
    /// <exception cref="UpdateException">It cannot be had, is too large for the disk, or is not what was ordered.</exception>
    public async Task<string> FetchAsync(UpdateOrder order, Action<UpdateProgress> progress, CancellationToken cancellationToken)
    {
        UpdateSteps.MakeFolder(folder);
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(order.Url.AbsoluteUri)).AsSpan(0, 8));
        var file = Path.Combine(folder, $"{name}.raucb");
        Tidy(name);
        for (var idle = 0; ;)
        {
            var before = LengthOf(file);
            try
            {
                if (await TryFetchAsync(order, file, progress, cancellationToken)) break;
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException { HResult: not NoSpace } || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                idle = LengthOf(file) > before ? 0 : idle + 1;
                if (idle >= MaxIdleAttempts) throw new UpdateException(ExitCode.AddressUnavailable, $"{order.Url.WithoutCredentials()} cannot be fetched: {exception.GetBaseException().Message}", exception);

                progress(new UpdateProgress("downloading", 0, $"trying again: {exception.GetBaseException().Message}"));
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(30, 1 << idle)), clock, cancellationToken);
            }
        }

        await CheckAsync(order, file, cancellationToken);
        return file;
    }

    private const int NoSpace = 28; // ENOSPC

    /// <summary>One request. False when the file has to be begun anew.</summary>
    private async Task<bool> TryFetchAsync(UpdateOrder order, string file, Action<UpdateProgress> progress, CancellationToken cancellationToken)
    {
        var tagFile = $"{file}.tag";
        var have = LengthOf(file);
        using var request = new HttpRequestMessage(HttpMethod.Get, order.Url);
        if (have > 0 && File.Exists(tagFile) && EntityTagHeaderValue.TryParse(await File.ReadAllTextAsync(tagFile, cancellationToken), out var tag) && !tag.IsWeak)
        {
            request.Headers.Range = new RangeHeaderValue(have, to: null);
            request.Headers.IfRange = new RangeConditionHeaderValue(tag);
        }

        using var stalled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stalled.CancelAfter(Stall);
        using var response = await client.SendAsync(request, stalled.Token);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // All of it is here already, or something else is there now: its end tells.
            if (response.Content.Headers.ContentRange?.Length == have) return true;

            File.Delete(file);
            return false;
        }

        CheckStatus(order.Url, response);
        var resumes = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange is { From: { } from } && from == have;
        var start = resumes ? have : 0;
        var total = Total(order, response, start);
        CheckRoom(total - start);
        if (response.Headers.ETag is { IsWeak: false } fresh)
        {
            await File.WriteAllTextAsync(tagFile, fresh.ToString(), cancellationToken);
            FileOwner.Copy(folder, tagFile);
        }
        else
        {
            File.Delete(tagFile);
        }

        var options = new FileStreamOptions { Mode = resumes ? FileMode.Open : FileMode.Create, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        await using var output = new FileStream(file, options);
        FileOwner.Copy(folder, file); // Root may begin, and the gateway go on.
        output.Seek(start, SeekOrigin.Begin);
        await using var input = await response.Content.ReadAsStreamAsync(stalled.Token);
        var buffer = new byte[128 * 1024];
        int count;
        while ((count = await input.ReadAsync(buffer, stalled.Token)) > 0)
        {
            if (output.Position + count > total) throw new UpdateException(ExitCode.DataCorrupt, $"{order.Url.WithoutCredentials()} sends more than it announced ({total} bytes)");

            await output.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            stalled.CancelAfter(Stall);
            progress(new UpdateProgress("downloading", (int)(output.Position * 100 / total), string.Create(CultureInfo.InvariantCulture, $"{output.Position} of {total} bytes")));
        }

        if (output.Position < total) throw new HttpRequestException($"the line broke after {output.Position} of {total} bytes");

        output.Flush(flushToDisk: true);
        return true;
    }

    private static void CheckStatus(Uri url, HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode) return;

        var status = string.Create(CultureInfo.InvariantCulture, $"{url.WithoutCredentials()} answers {(int)response.StatusCode}");

        // These may pass; the others will say the same again.
        if ((int)response.StatusCode is 408 or 425 or 429 or >= 500) throw new HttpRequestException(status);
        throw new UpdateException(ExitCode.AddressUnavailable, status);
    }

    private static long Total(UpdateOrder order, HttpResponseMessage response, long start)
    {
        if (response.Content.Headers.ContentLength is not { } length) throw new UpdateException(ExitCode.DataCorrupt, $"{order.Url.WithoutCredentials()} does not say how large it is (Content-Length)");

        var total = start + length;
        if (order.Bytes is { } wanted && wanted != total) throw new UpdateException(ExitCode.DataCorrupt, $"{order.Url.WithoutCredentials()} has {total} bytes, and {wanted} were ordered");
        return total;
    }

    private void CheckRoom(long bytes)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (free >= bytes + Reserve) return;

        throw new UpdateException(ExitCode.DiskFailure, string.Create(
            CultureInfo.InvariantCulture, $"the update has {bytes / 1_000_000} MB to come, and of the {free / 1_000_000} MB that are free in {folder}, {Reserve / 1_000_000} MB are not for it"));
    }

    private static async Task CheckAsync(UpdateOrder order, string file, CancellationToken cancellationToken)
    {
        if (order.Sha256 is not { } wanted) return;

        await using var content = new FileStream(file, FileMode.Open, FileAccess.Read);
        var found = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
        if (found.Equals(wanted, StringComparison.OrdinalIgnoreCase)) return;

        File.Delete(file);
        throw new UpdateException(ExitCode.DataCorrupt, $"{order.Url.WithoutCredentials()} has the SHA-256 {found}, and {wanted} was ordered; it was removed");
    }

    /// <summary>One download has room, two may not: what was begun of another is removed.</summary>
    private void Tidy(string name)
    {
        foreach (var other in Directory.GetFiles(folder, "*.raucb*").Where(file => !Path.GetFileName(file).StartsWith(name, StringComparison.Ordinal))) File.Delete(other);
    }

    private static long LengthOf(string file) => new FileInfo(file) is { Exists: true } info ? info.Length : 0;
}
