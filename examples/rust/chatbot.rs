//! A chat: a user writes, the robot answers with a list, an agent takes over and sends a file.
//!
//! Runs against the emulator at `AIRUDDER_BASE_URL`. To AI Rudder itself set `AIRUDDER_SIGN_KEY` and `AIRUDDER_SIGN_SECRET`, too.

use std::time::Duration;

use airudder::{
    BotUserMessage, ChatMessage, ChatUser, Client, Error, ImageContent, Interactive, ListMessages, ListSessions, Media, MessageContent,
    OutgoingMessage, TextContent, TransferResult, UploadFile,
};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    user_says(&client, "menu").await?;
    println!("the robot: {}", newest(&client, "robot").await?);

    user_says(&client, "agent").await?;
    while client.chatbot().sessions(ListSessions::new()).await?.sessions[0].status.as_deref() != Some("waiting") {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    client
        .chatbot()
        .transfer_result(TransferResult::new("chat-1", "success").seat_id("2041"))
        .await?;

    // Streamed from the disk when it is a path.
    let picture = airudder::FileSource::bytes(PIXEL, "pixel.gif");
    let file = client.chatbot().upload_file(picture, UploadFile::new().channel_id("5003")).await?;
    let messages = vec![
        OutgoingMessage::new(TextContent::new().text("Here it is.")),
        OutgoingMessage::new(ImageContent::new().media(Media::new().origin_url(file.origin_url.unwrap_or_default()))),
    ];
    client.chatbot().send_message("chat-1", messages).await?;
    println!("the agent: {}", newest(&client, "chatbot").await?);

    let mut count = 0;
    let mut messages = client.chatbot().messages_all(ListMessages::new("chat-1").size(3));
    while let Some(message) = messages.next().await {
        count += usize::from(message?.msg_id.is_some());
    }
    println!("{count} messages in all");
    client.chatbot().end_session("chat-1").await?;
    Ok(())
}

const PIXEL: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x01D\0;";

async fn user_says(client: &Client, text: &str) -> Result<(), Error> {
    let message = OutgoingMessage::new(TextContent::new().text(text));
    let user = ChatUser::new().id("u-1").name("Ani");
    client
        .chatbot()
        .bot_user_message(BotUserMessage::new("chat-1", "5003", user, vec![message]))
        .await?;
    Ok(())
}

/// What the newest message of a sender says, once there is one.
async fn newest(client: &Client, sender: &str) -> Result<String, Error> {
    loop {
        let page = client.chatbot().messages(ListMessages::new("chat-1")).await?;
        let is_sender = |message: &&ChatMessage| message.sender_type.as_deref() == Some(sender);
        if let Some(message) = page.messages.iter().find(is_sender) {
            return Ok(describe(message));
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

fn describe(message: &ChatMessage) -> String {
    match &message.content {
        Some(MessageContent::Text(content)) => content.text.clone().unwrap_or_default(),
        Some(MessageContent::Image(_)) => "a picture".to_owned(),
        Some(MessageContent::Interactive(content)) => match &content.interactive {
            Some(Interactive::List(list)) => {
                let action = list.action.as_ref();
                let rows = action
                    .into_iter()
                    .flat_map(|action| &action.sections)
                    .flat_map(|section| &section.rows);
                let titles: Vec<_> = rows.filter_map(|row| row.title.as_deref()).collect();
                format!("choose {}", titles.join(", "))
            }
            _ => "a question".to_owned(),
        },
        // There may be types that this version does not know; all of their fields are in `extra`.
        other => format!("{other:?}"),
    }
}
