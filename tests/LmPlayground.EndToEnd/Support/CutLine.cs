using System.Net;
using System.Net.Sockets;

namespace LmPlayground.EndToEnd.Support;

/// <summary>The line between a browser and a server: it can be cut, or go dead without a word, and come back at the same address.</summary>
public sealed class CutLine : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _lock = new();
    private readonly List<Connection> _connections = [];
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _accepting;
    private bool _isCut;

    /// <summary>A whole line to the server at this address.</summary>
    public CutLine(string server)
    {
        Server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The server at the other end: another one stands in its place from the next connection on.</summary>
    public string Server { get; set; }

    /// <summary>Where the browser finds the server, without a slash at the end.</summary>
    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Ends all connections and refuses new ones.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            _isCut = true;
            _connections.ForEach(connection => connection.Dispose());
            _connections.Clear();
        }
    }

    /// <summary>What is sent from now on gets lost, and neither end hears of it.</summary>
    public void GoDead()
    {
        lock (_lock)
            _connections.ForEach(connection => connection.IsDead = true);
    }

    /// <summary>Lets new connections through.</summary>
    public void Mend()
    {
        lock (_lock)
            _isCut = false;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Cut();
        await _closing.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient browser;
            try
            {
                browser = await _listener.AcceptTcpClientAsync(_closing.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            var connection = new Connection(browser);
            bool isCut;
            lock (_lock)
            {
                isCut = _isCut;
                if (!isCut)
                    _connections.Add(connection);
            }

            if (isCut)
                connection.Dispose();
            else
                _ = connection.CarryAsync(new Uri(Server));
        }
    }

    private sealed class Connection(TcpClient browser) : IDisposable
    {
        private readonly TcpClient _server = new();

        internal volatile bool IsDead;

        internal async Task CarryAsync(Uri address)
        {
            try
            {
                await _server.ConnectAsync(address.Host, address.Port);
                await Task.WhenAny(CarryAsync(browser, _server), CarryAsync(_server, browser));
            }
            catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // An end is gone, and so is the other.
            }

            Dispose();
        }

        public void Dispose()
        {
            browser.Dispose();
            _server.Dispose();
        }

        private async Task CarryAsync(TcpClient from, TcpClient to)
        {
            var buffer = new byte[64 << 10];
            while (await from.GetStream().ReadAsync(buffer) is > 0 and var count)
            {
                if (!IsDead)
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
            }
        }
    }
}
