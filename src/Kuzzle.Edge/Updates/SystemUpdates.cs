using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Health;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Updates;

/// <summary>Updates that the API asks this process for, one at a time.</summary>
/// <param name="rauc">What installs them; null where the system is not the appliance's image.</param>
/// <param name="storage">The folder of the data.</param>
internal sealed partial class SystemUpdates(Rauc? rauc, string storage, TimeProvider clock, ILogger<SystemUpdates> logger) : ISystemUpdates, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _run = Task.CompletedTask;
    private UpdateProgress? _progress;

    /// <inheritdoc/>
    public async Task<JsonObject> DescribeAsync(CancellationToken cancellationToken)
    {
        if (rauc is null) return new JsonObject { ["method"] = "apt" };

        var description = UpdateDescription.Of(await rauc.StatusAsync(cancellationToken));
        var progress = Volatile.Read(ref _progress);
        description["update"] = progress is null ? null : new JsonObject { ["state"] = progress.Step, ["progress"] = progress.Percent, ["message"] = progress.Message };
        return description;
    }

    /// <summary>What is wrong with the slots of the system.</summary>
    public IEnumerable<FoundCondition> FindConditions()
    {
        if (rauc is null) return [];

        try
        {
            return Rauc.PassedOver is { } passedOver
                ? [new FoundCondition(
                    "slot",
                    ConditionSeverity.Alarm,
                    $"The system should run from another slot: {passedOver}. Often the power went three times while it came up, and a restart is all that it takes; the data may be in the form of that slot's version.")]
                : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [new FoundCondition("slot", ConditionSeverity.Notice, $"Nobody knows whether the system runs from the slot that it should: {exception.Message}")];
        }
    }

    /// <inheritdoc/>
    public ApiError? Begin(UpdateOrder order)
    {
        if (rauc is null) return ProcessErrors.NotAnImage(EdgeControllers.System, "update");

        lock (_lock)
        {
            if (!_run.IsCompleted) return ProcessErrors.ActionLocked("update");

            _progress = new UpdateProgress("downloading", 0, "");
            _run = RunAsync(rauc, order);
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<ApiError?> RollBackAsync(CancellationToken cancellationToken)
    {
        if (rauc is null) return ProcessErrors.NotAnImage(EdgeControllers.System, "rollbackUpdate");

        try
        {
            await UpdateSteps.RollBackAsync(rauc, storage, cancellationToken);
            LogRollback();
            return null;
        }
        catch (UpdateException exception)
        {
            return ProcessErrors.UpdateRefused(exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ProcessErrors.UpdateRefused($"the box cannot go back: {exception.Message}");
        }
    }

    /// <summary>Ends a download; what RAUC has begun to install, it finishes by itself.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _run;
        _stopping.Dispose();
    }

    private async Task RunAsync(Rauc installer, UpdateOrder order)
    {
        await Task.Yield(); // Who has asked is answered meanwhile.
        try
        {
            LogBegin(order.Url.Host);
            await UpdateSteps.InstallAsync(installer, order, storage, clock, progress => Volatile.Write(ref _progress, progress), _stopping.Token);
            Volatile.Write(ref _progress, new UpdateProgress("installed", 100, order.Restarts ? "the box restarts" : "the next start is into the update"));
            LogInstalled();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            Volatile.Write(ref _progress, new UpdateProgress("failed", 0, "the gateway was stopped"));
        }
        catch (Exception exception) // The outermost frame of the task: whoever asks for the state is told, and the log has it.
        {
            Volatile.Write(ref _progress, new UpdateProgress("failed", 0, exception.Message));
            LogFailed(exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An update from {Host} was asked for")]
    private partial void LogBegin(string host);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The update is installed, and takes effect with the next start of the box")]
    private partial void LogInstalled();

    [LoggerMessage(Level = LogLevel.Error, Message = "The update was not installed: {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The box goes back to its other slot and restarts, as somebody has asked")]
    private partial void LogRollback();
}
