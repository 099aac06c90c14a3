using System.Diagnostics.CodeAnalysis;
using Kuzzle.Edge.Broker.Authentication;
using Kuzzle.Edge.Broker.Connections;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Broker.Handlers;

/// <summary>
/// All handlers of the program, as the broker asks them: in their order, each with a bound on its time, and one that fails has refused. There is none of these in a
/// broker without handlers.
/// </summary>
internal sealed partial class HandlerChain
{
    private readonly IBrokerHandler[] _preConnect;
    private readonly IBrokerHandler[] _exchange;
    private readonly IBrokerHandler[] _authenticate;
    private readonly IBrokerHandler[] _publish;
    private readonly IBrokerHandler[] _subscribe;
    private readonly IBrokerHandler[] _forward;
    private readonly IBrokerHandler[] _published;
    private readonly MqttBrokerOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly FaultLines _lines;
    private readonly SemaphoreSlim? _places;

    public HandlerChain(IEnumerable<IBrokerHandler> handlers, MqttBrokerOptions options, TimeProvider clock, ILogger logger)
    {
        var ordered = handlers.OrderBy(handler => handler.Order).ToList(); // Stable: equals stay in the order of registration.
        _preConnect = For(HandlerStages.PreConnect);
        _exchange = For(HandlerStages.EnhancedAuthentication);
        _authenticate = For(HandlerStages.Authenticate);
        _publish = For(HandlerStages.AuthorizePublish);
        _subscribe = For(HandlerStages.AuthorizeSubscribe);
        _forward = For(HandlerStages.AuthorizeForward);
        _published = For(HandlerStages.Published);
        _options = options;
        _clock = clock;
        _logger = logger;
        _lines = new FaultLines(clock);
        if (options.Concurrency != 0) _places = new SemaphoreSlim(options.Concurrency);

        IBrokerHandler[] For(HandlerStages stage) => [.. ordered.Where(handler => (handler.Stages & stage) != 0)];
    }

    /// <summary>Whether messages that clients publish are shown to anybody.</summary>
    public bool SeesPublications => _publish.Length + _published.Length > 0;

    public bool JudgesSubscriptions => _subscribe.Length > 0;

    public bool JudgesForwarding => _forward.Length > 0;

    public bool HearsPublished => _published.Length > 0;

    /// <summary>Asks about a CONNECT, which handlers may change.</summary>
    public async ValueTask<PreConnectDecision> PreConnectAsync(PreConnectContext context, CancellationTokenSource asking)
    {
        foreach (var handler in _preConnect)
        {
            var (hasAnswered, decision) = await AskAsync(
                handler, HandlerStages.PreConnect, context, static (handler, context, token) => handler.PreConnectAsync(context, token), asking).ConfigureAwait(false);
            if (!hasAnswered) return PreConnectDecision.Refuse(ReasonCode.ServerUnavailable);
            if (decision != PreConnectDecision.Continue) return decision;
        }

        return PreConnectDecision.Continue;
    }

    /// <summary>The exchange of the first handler that knows the method, or null. What a handler throws is the caller's to handle.</summary>
    public IAuthenticationExchange? BeginAuthentication(IMqttClient client, string method)
    {
        foreach (var handler in _exchange)
        {
            if (handler.BeginAuthentication(client, method) is { } exchange) return exchange;
        }

        return null;
    }

    public async ValueTask<AuthenticateDecision> AuthenticateAsync(AuthenticateContext context, CancellationTokenSource asking)
    {
        foreach (var handler in _authenticate)
        {
            var (hasAnswered, decision) = await AskAsync(
                handler, HandlerStages.Authenticate, context, static (handler, context, token) => handler.AuthenticateAsync(context, token), asking).ConfigureAwait(false);
            if (!hasAnswered) return AuthenticateDecision.Refuse(ReasonCode.ServerUnavailable);
            if (decision.HasOpinion) return decision;
        }

        return AuthenticateDecision.NoOpinion;
    }

    public async ValueTask<PublishDecision> AuthorizePublishAsync(PublishContext context, CancellationTokenSource asking)
    {
        foreach (var handler in _publish)
        {
            var (hasAnswered, decision) = await AskAsync(
                handler, HandlerStages.AuthorizePublish, context, static (handler, context, token) => handler.AuthorizePublishAsync(context, token), asking)
                .ConfigureAwait(false);
            if (!hasAnswered) return PublishDecision.Refuse("a handler has failed", code: ReasonCode.ImplementationSpecificError);
            if (decision.Kind != PublishDecisionKind.NoOpinion) return decision;
        }

        return PublishDecision.NoOpinion;
    }

    public async ValueTask<SubscribeDecision> AuthorizeSubscribeAsync(SubscribeContext context, CancellationTokenSource asking)
    {
        foreach (var handler in _subscribe)
        {
            var (hasAnswered, decision) = await AskAsync(
                handler, HandlerStages.AuthorizeSubscribe, context, static (handler, context, token) => handler.AuthorizeSubscribeAsync(context, token), asking)
                .ConfigureAwait(false);
            if (!hasAnswered) return SubscribeDecision.Refuse(ReasonCode.ImplementationSpecificError);
            if (decision.Kind != SubscribeDecisionKind.NoOpinion) return decision;
        }

        return SubscribeDecision.NoOpinion;
    }

    /// <summary>Whether a client may get a message. Called under the lock of its session.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A handler is the program's code: whatever it throws, it has refused, and the thread that delivers goes on.")]
    public bool MayForward(ClientConnection client, Publication publication)
    {
        var context = new ForwardContext(client, publication);
        foreach (var handler in _forward)
        {
            try
            {
                if (handler.AuthorizeForward(context) == ForwardDecision.Skip) return false;
            }
            catch (Exception failure)
            {
                Report(handler, HandlerStages.AuthorizeForward, failure);
                return false;
            }
        }

        return true;
    }

    /// <summary>Tells everybody of a message that was routed.</summary>
    /// <returns>False when somebody failed; those behind are not told then.</returns>
    public async ValueTask<bool> PublishedAsync(PublishedContext context, CancellationTokenSource asking)
    {
        foreach (var handler in _published)
        {
            var (hasAnswered, _) = await AskAsync(
                handler, HandlerStages.Published, context, static (handler, context, token) => TellAsync(handler, context, token), asking).ConfigureAwait(false);
            if (!hasAnswered) return false;
        }

        return true;
    }

    /// <summary>Waits for a place among the messages that handlers look at. Who got one gives it back with <see cref="Leave"/>.</summary>
    public ValueTask EnterAsync(CancellationToken cancellationToken) =>
        _places is null || _places.Wait(0, CancellationToken.None) ? default : new ValueTask(_places.WaitAsync(cancellationToken));

    public void Leave() => _places?.Release();

    private static ValueTask<bool> TellAsync(IBrokerHandler handler, PublishedContext context, CancellationToken cancellationToken)
    {
        var telling = handler.PublishedAsync(context, cancellationToken);
        return telling.IsCompletedSuccessfully ? new ValueTask<bool>(true) : WhenToldAsync(telling);

        static async ValueTask<bool> WhenToldAsync(ValueTask telling)
        {
            await telling.ConfigureAwait(false);
            return true;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A handler is the program's code: whatever it throws, it has refused, and the client goes on.")]
    private async ValueTask<(bool HasAnswered, TAnswer Answer)> AskAsync<TContext, TAnswer>(
        IBrokerHandler handler,
        HandlerStages stage,
        TContext context,
        Func<IBrokerHandler, TContext, CancellationToken, ValueTask<TAnswer>> ask,
        CancellationTokenSource asking)
    {
        try
        {
            var answering = ask(handler, context, asking.Token);
            if (answering.IsCompletedSuccessfully) return (true, answering.Result);

            return (true, await answering.AsTask().WaitAsync(_options.HandlerTimeout, _clock, asking.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (asking.IsCancellationRequested)
        {
            return default; // The client has gone: nobody wants to know any more.
        }
        catch (TimeoutException failure)
        {
            Report(handler, stage, failure);
            await asking.CancelAsync().ConfigureAwait(false);
            return default;
        }
        catch (Exception failure)
        {
            Report(handler, stage, failure);
            return default;
        }
    }

    private void Report(IBrokerHandler handler, HandlerStages stage, Exception failure)
    {
        if (!_lines.MayWrite(handler, stage, out var unwritten)) return;

        if (failure is TimeoutException) LogLate(handler.GetType(), stage, _options.HandlerTimeout, unwritten);
        else LogFailed(handler.GetType(), stage, unwritten, failure);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Handler} has failed in {Stage}, which counts as a refusal ({Unwritten} such lines were left out)")]
    private partial void LogFailed(Type handler, HandlerStages stage, int unwritten, Exception failure);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Handler} did not answer in {Stage} within {Timeout}, which counts as a refusal ({Unwritten} such lines were left out)")]
    private partial void LogLate(Type handler, HandlerStages stage, TimeSpan timeout, int unwritten);
}
